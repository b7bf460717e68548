/** How the files of a format begin. */
interface Format {
  readonly name: string
  readonly begins: (head: Buffer) => boolean
  /** Whether a file has its end. */
  readonly isWhole?: (bytes: Buffer) => boolean
}

const text = (bytes: Buffer, from: number, to: number) => bytes.toString('latin1', from, to)

/** The end of a file, where its last mark is looked for. */
const tail = (bytes: Buffer) => bytes.subarray(-1024)

const formats: readonly Format[] = [
  {
    name: 'jpeg',
    begins: (head) => head.readUIntBE(0, 3) === 0xffd8ff,
    isWhole: (bytes) => tail(bytes).includes(Buffer.of(0xff, 0xd9)),
  },
  {
    name: 'png',
    begins: (head) => text(head, 1, 4) === 'PNG',
    isWhole: (bytes) => tail(bytes).includes('IEND'),
  },
  {
    name: 'gif',
    begins: (head) => text(head, 0, 4) === 'GIF8',
    isWhole: (bytes) => bytes.at(-1) === 0x3b,
  },
  {
    name: 'webp',
    begins: (head) => text(head, 0, 4) === 'RIFF' && text(head, 8, 12) === 'WEBP',
    isWhole: (bytes) => bytes.length >= bytes.readUInt32LE(4) + 8,
  },
  { name: 'tiff', begins: (head) => ['II*\0', 'MM\0*'].includes(text(head, 0, 4)) },
  {
    name: 'avif',
    begins: (head) => text(head, 4, 8) === 'ftyp' && /avi[fs]|mi[fa]1/.test(text(head, 8, 32)),
  },
]

/** What is taken for an image by mistake, and how messages name it. */
const others: readonly Format[] = [
  { name: 'an SVG drawing', begins: (head) => /^\s*(<\?xml|<!--|<!doctype svg|<svg)/i.test(head.toString()) },
  { name: 'a PDF document', begins: (head) => text(head, 0, 4) === '%PDF' },
  { name: 'a BMP image: save it as PNG', begins: (head) => text(head, 0, 2) === 'BM' },
  {
    name: 'an HEIC image: save it as JPEG',
    begins: (head) => text(head, 4, 8) === 'ftyp' && /hei[cxms]|hev[cx]/.test(text(head, 8, 32)),
  },
  { name: 'a video', begins: (head) => text(head, 4, 8) === 'ftyp' || text(head, 8, 12) === 'AVI ' },
]

/** The least that a file of any format has. */
const leastBytes = 12

const find = (list: readonly Format[], bytes: Uint8Array) =>
  list.find(({ begins }) => begins(Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(256, bytes.length))))

/** The format of a file by its first bytes, whatever its name; or what it is instead, in words that go on from `is`. */
export function formatOf(bytes: Uint8Array): { readonly format: string } | { readonly not: string } {
  if (bytes.length < leastBytes) return { not: 'not an image' }
  const format = find(formats, bytes)
  if (format) return { format: format.name }
  const other = find(others, bytes)
  return { not: other ? `not a photo but ${other.name}` : 'not an image' }
}

/** Whether a file of a known format lacks its end. */
export function isCutOff(bytes: Uint8Array): boolean {
  const format = find(formats, bytes)
  return !(format?.isWhole?.(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)) ?? true)
}

/**
 * Why a decoder failed, from the file itself: libvips collects the messages of all threads in one place, so that they
 * can be those of another image.
 */
export function damageOf(bytes: Uint8Array): string {
  const format = bytes.length < leastBytes ? undefined : find(formats, bytes)
  if (!format) return 'is not an image'
  return isCutOff(bytes) ? 'is truncated' : 'is damaged'
}
