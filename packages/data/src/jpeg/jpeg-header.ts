import type { ImageExtent } from '@convkit/core'

/** A component of a JPEG: of YCbCr, or of grey. */
export interface JpegComponent {
  /** Blocks of a minimum coded unit. */
  readonly across: number
  readonly down: number
  /** 64 factors, in the order of the file. */
  readonly factors: Uint16Array
  readonly dcTable: number
  readonly acTable: number
}

/** What a baseline JPEG of one scan says before it. */
export interface JpegHeader extends ImageExtent {
  /** One, or three whose second and third are sampled alike. */
  readonly components: readonly JpegComponent[]
  /** Of DC 0 to 3, then AC 0 to 3: the number of codes of each length from 1 to 16, then their symbols. */
  readonly tables: readonly (Uint8Array | undefined)[]
  /** Minimum coded units between two restarts; 0 for none. */
  readonly restartInterval: number
  /** Where the scan begins. */
  readonly scan: number
}

interface Frame extends ImageExtent {
  readonly components: readonly {
    readonly id: number
    readonly across: number
    readonly down: number
    readonly factors: number
  }[]
}

const marker = {
  baseline: 0xc0,
  extended: 0xc1,
  huffman: 0xc4,
  start: 0xd8,
  scan: 0xda,
  quantization: 0xdb,
  restartInterval: 0xdd,
  firstApplication: 0xe0,
  exif: 0xe1,
  adobe: 0xee,
  lastApplication: 0xef,
  comment: 0xfe,
} as const

/** Adobe's number for YCbCr. */
const adobeYcc = 1

/**
 * The header of a JPEG as cameras and websites mostly have it: baseline, 8 bits, one scan, grey or YCbCr with chroma of all
 * the size or half of it, its first row on top. Undefined for any other and for what is damaged, which libvips is asked of.
 */
export function jpegHeader(bytes: Uint8Array): JpegHeader | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== marker.start) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const quantization: Uint16Array[] = []
  const tables: (Uint8Array | undefined)[] = new Array(8).fill(undefined)
  let frame: Frame | undefined
  let restartInterval = 0
  for (let at = 2; at + 4 <= bytes.length; ) {
    const kind = view.getUint8(at + 1)
    const length = view.getUint16(at + 2)
    const segment = bytes.subarray(at + 4, at + 2 + length)
    if (view.getUint8(at) !== 0xff || length < 2 || segment.length !== length - 2) return undefined
    at += 2 + length
    if (kind === marker.baseline || kind === marker.extended) {
      if (frame) return undefined
      frame = frameOf(segment)
      if (!frame) return undefined
    } else if (kind === marker.quantization) {
      if (!readFactors(segment, quantization)) return undefined
    } else if (kind === marker.huffman) {
      if (!readTables(segment, tables)) return undefined
    } else if (kind === marker.restartInterval) {
      if (segment.length !== 2) return undefined
      restartInterval = view.getUint16(at - 2)
    } else if (kind === marker.scan) {
      const components = frame && scanComponents(segment, frame, quantization, tables)
      return frame && components && { ...frame, components, tables, restartInterval, scan: at }
    } else if (kind === marker.exif) {
      if (isTurned(segment)) return undefined
    } else if (kind === marker.adobe) {
      if (segment.length >= 12 && segment[11] !== adobeYcc) return undefined
    } else if (
      !(kind >= marker.firstApplication && kind <= marker.lastApplication) &&
      kind !== marker.comment
    ) {
      return undefined
    }
  }
  return undefined
}

function frameOf(segment: Uint8Array): Frame | undefined {
  const [precision, top = 0, bottom = 0, left = 0, right = 0, count = 0] = segment
  const [height, width] = [256 * top + bottom, 256 * left + right]
  if (precision !== 8 || segment.length !== 6 + 3 * count || height === 0 || width === 0) return undefined
  const components = Array.from({ length: count }, (_, i) => {
    const [id = 0, sampling = 0, factors = 0] = segment.subarray(6 + 3 * i)
    return { id, across: sampling >> 4, down: sampling & 15, factors }
  })
  if (count === 1)
    return { height, width, components: components.map((one) => ({ ...one, across: 1, down: 1 })) }
  const [luma, ...chroma] = components
  const isKnown =
    count === 3 &&
    chroma.every(({ across, down }) => across === 1 && down === 1) &&
    ['1×1', '2×1', '2×2'].includes(`${luma?.across}×${luma?.down}`)
  // Components that are called R, G and B are those.
  const isRgb = String.fromCharCode(...components.map(({ id }) => id)) === 'RGB'
  return isKnown && !isRgb ? { height, width, components } : undefined
}

function readFactors(segment: Uint8Array, quantization: Uint16Array[]): boolean {
  for (let at = 0; at < segment.length; ) {
    const kind = segment[at++] as number
    const size = kind >> 4 === 0 ? 1 : 2
    const values = segment.subarray(at, at + 64 * size)
    if (kind >> 4 > 1 || values.length !== 64 * size) return false
    quantization[kind & 15] = size === 1 ? Uint16Array.from(values) : bigEndian(values)
    at += 64 * size
  }
  return true
}

function bigEndian(bytes: Uint8Array): Uint16Array {
  const values = new Uint16Array(bytes.length / 2)
  for (let i = 0; i < values.length; i++)
    values[i] = 256 * (bytes[2 * i] as number) + (bytes[2 * i + 1] as number)
  return values
}

function readTables(segment: Uint8Array, tables: (Uint8Array | undefined)[]): boolean {
  for (let at = 0; at < segment.length; ) {
    const kind = segment[at++] as number
    const count = segment.subarray(at, at + 16).reduce((sum, codes) => sum + codes, 0)
    const table = segment.subarray(at, at + 16 + count)
    if (kind >> 4 > 1 || (kind & 15) > 3 || count > 256 || table.length !== 16 + count) return false
    tables[4 * (kind >> 4) + (kind & 15)] = table
    at += 16 + count
  }
  return true
}

function scanComponents(
  segment: Uint8Array,
  frame: Frame,
  quantization: readonly Uint16Array[],
  tables: readonly (Uint8Array | undefined)[],
): JpegComponent[] | undefined {
  const count = frame.components.length
  // All components, all coefficients, all of their bits
  if (segment[0] !== count || segment.length !== 4 + 2 * count) return undefined
  if (segment[1 + 2 * count] !== 0 || segment[2 + 2 * count] !== 63 || segment[3 + 2 * count] !== 0)
    return undefined
  const components: JpegComponent[] = []
  for (const [i, { id, across, down, factors: place }] of frame.components.entries()) {
    const selected = segment[2 + 2 * i] as number
    const factors = quantization[place]
    const [dcTable, acTable] = [selected >> 4, 4 + (selected & 15)]
    if (segment[1 + 2 * i] !== id || !factors || !tables[dcTable] || !tables[acTable]) return undefined
    components.push({ across, down, factors, dcTable, acTable })
  }
  return components
}

/** Whether EXIF turns an image, or is not understood. */
function isTurned(segment: Uint8Array): boolean {
  const name = 'Exif\0\0'
  if (String.fromCharCode(...segment.subarray(0, name.length)) !== name) return false
  const view = new DataView(segment.buffer, segment.byteOffset + name.length, segment.length - name.length)
  if (view.byteLength < 10) return true
  const isLittle = view.getUint16(0) === 0x4949
  const directory = view.getUint32(4, isLittle)
  if (directory + 2 > view.byteLength) return true
  const count = view.getUint16(directory, isLittle)
  for (let entry = directory + 2; entry < directory + 2 + 12 * count; entry += 12) {
    if (entry + 12 > view.byteLength) return true
    if (view.getUint16(entry, isLittle) === 0x0112) return view.getUint16(entry + 8, isLittle) !== 1
  }
  return false
}
