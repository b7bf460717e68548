import type { FileHandle } from 'node:fs/promises'
import { ConvkitError } from '@convkit/core'

/** A file in a tar archive. */
export interface TarEntry {
  readonly name: string
  /** Where its bytes are in the archive. */
  readonly offset: number
  readonly size: number
}

const blockSize = 512
/** Records of long names and pax values: more is no name. */
const longestName = 2 ** 20

/**
 * The regular files of a tar archive (ustar, pax and GNU), found header by header: what lies between is not read. A
 * library would read all of it, as its interface is a stream without offsets. POSIX.1-2017, pax.
 *
 * @throws E_TAR when it is no tar archive, or is cut short.
 */
export async function* tarEntries(file: FileHandle, name: string): AsyncGenerator<TarEntry> {
  const fail = (problem: string) => new ConvkitError('E_TAR', `${name} ${problem}`)
  const { size: end } = await file.stat()
  const read = async (position: number, length: number) => {
    if (position + length > end)
      throw fail(`is truncated: it has ${end} bytes, and ${position + length} or more are announced`)
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, position)
    return buffer
  }
  let position = 0
  let given: { readonly path?: string | undefined; readonly size?: number | undefined } = {}
  for (;;) {
    const header = await read(position, blockSize)
    if (header.every((byte) => byte === 0)) return
    if (!hasChecksum(header)) {
      const isGzip = position === 0 && header[0] === 0x1f && header[1] === 0x8b
      throw fail(isGzip ? 'is compressed: unpack it with gunzip' : `is no tar archive at byte ${position}`)
    }
    const size = given.size ?? numberAt(header, 124, 12)
    const offset = position + blockSize
    if (!Number.isSafeInteger(size) || size < 0)
      throw fail(`is damaged: an entry at byte ${position} has no size`)
    const type = String.fromCharCode(header[156] as number)
    if ('xL'.includes(type)) {
      if (size > longestName) throw fail(`is damaged: a name at byte ${position} has ${size} bytes`)
      const content = await read(offset, size)
      given = { ...given, ...(type === 'x' ? paxOf(content) : { path: textAt(content, 0, size) }) }
    } else {
      if (offset + size > end) await read(offset, size)
      if (type === '0' || type === '\0' || type === '7')
        yield { name: given.path ?? nameOf(header), offset, size }
      given = {}
    }
    position = offset + blockSize * Math.ceil(size / blockSize)
  }
}

/** A text that ends at a zero byte, or at its length. */
function textAt(bytes: Buffer, from: number, length: number): string {
  const field = bytes.subarray(from, from + length)
  const end = field.indexOf(0)
  return field.toString('utf8', 0, end < 0 ? length : end)
}

/** Octal digits, or where the first bit is set, a big-endian number. */
function numberAt(bytes: Buffer, from: number, length: number): number {
  if (bytes[from] === 0x80) {
    let value = 0
    for (let i = from + 1; i < from + length; i++) value = value * 256 + (bytes[i] as number)
    return value
  }
  const digits = textAt(bytes, from, length).trim()
  return digits === '' ? 0 : /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN
}

function nameOf(header: Buffer): string {
  const isUstar = textAt(header, 257, 6) === 'ustar'
  const prefix = isUstar ? textAt(header, 345, 155) : ''
  const name = textAt(header, 0, 100)
  return prefix === '' ? name : `${prefix}/${name}`
}

/** The sum of all bytes of the header, its own field counted as spaces. */
function hasChecksum(header: Buffer): boolean {
  const sum = header.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0)
  return numberAt(header, 148, 8) === sum
}

/** `<length> <key>=<value>\n`, one after the other; what is none ends the list. */
function paxOf(content: Buffer): { path?: string; size?: number } {
  const found: { path?: string; size?: number } = {}
  for (let from = 0; from < content.length; ) {
    const space = content.indexOf(0x20, from)
    const length = Number(content.toString('latin1', from, space))
    if (space < 0 || !(length > space - from)) break
    const record = content.toString('utf8', space + 1, from + length - 1)
    const [key, value] = [record.slice(0, record.indexOf('=')), record.slice(record.indexOf('=') + 1)]
    if (key === 'path') found.path = value
    if (key === 'size') found.size = Number(value)
    from += length
  }
  return found
}
