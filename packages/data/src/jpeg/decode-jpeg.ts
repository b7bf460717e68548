import type { Crop, Pixels } from '@convkit/core'
import type { JpegComponent, JpegHeader } from './jpeg-header.js'
import { arena, isOutOfBounds, type JpegKernels, jpegKernels, makeTable, margin } from './jpeg-kernels.js'

/** 32-bit words of a component's record. */
const recordWords = 12
/** Below this, libjpeg samples chroma up in another way. */
const leastSide = 16
/** More than this is better read piece by piece. */
const mostPixels = 2 ** 23

/** A JPEG is decoded at 1, ½, ¼ or ⅛ of its size. */
export type JpegShrink = 1 | 2 | 4 | 8

/** A component's pixels in the kernels' memory, those of the units that are decoded. */
interface Plane {
  /** Pixels of a block in each direction. */
  readonly size: number
  readonly stride: number
  readonly address: number
  /** Pixels of the whole image. */
  readonly height: number
  readonly width: number
  /** The place in the whole image of the first pixel here. */
  readonly top: number
  readonly left: number
}

/**
 * Decodes the part of a JPEG at 1/`shrink` of its size, in whole pixels of that size: what libjpeg gives, byte for byte,
 * with its accurate integer transform and smooth upsampling. Of the rest no more is read than must be, and nothing behind
 * the part's last row. The pixels are in the kernels' memory, where the next image that is decoded overwrites them.
 *
 * Undefined where it is damaged, cut off, or not for this decoder: libvips is asked then.
 */
export function decodeJpeg(
  bytes: Uint8Array,
  header: JpegHeader,
  shrink: JpegShrink,
  part: Crop,
): Pixels | undefined {
  const { height, width, components } = header
  if (Math.min(height, width) < leastSide * shrink || part.height * part.width > mostPixels) return undefined
  const [luma] = components as [JpegComponent]
  const unit = { height: (8 * luma.down) / shrink, width: (8 * luma.across) / shrink }
  // Upsampling looks at the neighbours of chroma's pixels.
  const context = components.length > 1 ? 2 : 0
  const unitsAcross = Math.ceil(width / (8 * luma.across))
  const unitsDown = Math.ceil(height / (8 * luma.down))
  const first = {
    row: Math.max(0, Math.floor((part.top - context) / unit.height)),
    column: Math.max(0, Math.floor((part.left - context) / unit.width)),
  }
  const end = {
    row: Math.min(unitsDown, Math.ceil((part.top + part.height + context) / unit.height)),
    column: Math.min(unitsAcross, Math.ceil((part.left + part.width + context) / unit.width)),
  }
  const loaded = jpegKernels()
  const memory = arena()
  const scan = bytes.subarray(header.scan)
  const source = memory.take(scan.length)
  // Read downwards from its end
  const stream = memory.take(scan.length + margin) + scan.length + margin
  const factors = components.map(() => memory.take(128))
  const table = memory.take(16 + 256)
  const planes = components.map(({ across, down }, i): Plane => {
    const size = blockSize(components, i, shrink)
    const stride = (end.column - first.column) * across * size
    return {
      size,
      stride,
      address: memory.take((end.row - first.row) * down * size * stride),
      height: Math.ceil((height * down * size) / (8 * luma.down)),
      width: Math.ceil((width * across * size) / (8 * luma.across)),
      top: first.row * down * size,
      left: first.column * across * size,
    }
  })
  const output = memory.take(part.height * part.width * (components.length === 3 ? 3 : 1))
  const scratch = memory.take(4 * (planes[0] as Plane).stride + 128)
  memory.grow()

  const data = new Uint8Array(loaded.memory.buffer)
  const words = new Int32Array(loaded.memory.buffer)
  data.set(scan, source)
  for (const [slot, codes] of header.tables.entries()) {
    if (codes && !makeTable(slot, codes, table)) return undefined
  }
  for (const [i, component] of components.entries()) {
    const { size, address, stride } = planes[i] as Plane
    const place = factors[i] as number
    data.set(new Uint8Array(component.factors.buffer), place)
    const record = [
      component.dcTable,
      component.acTable,
      component.across,
      component.down,
      size,
      address,
      stride,
      place,
    ]
    words.set(record, loaded.components.value / 4 + i * recordWords)
  }
  try {
    const isWhole = loaded.decodeScan(
      source,
      source + scan.length,
      stream,
      components.length,
      unitsAcross,
      header.restartInterval,
      first.row,
      end.row,
      first.column,
      end.column,
    )
    if (!isWhole) return undefined
  } catch (error) {
    // Damaged data may lead out of the memory.
    if (isOutOfBounds(error)) return undefined
    throw error
  }
  const channels = components.length === 3 ? 3 : 1
  if (channels === 3) writeRgb(loaded, planes as [Plane, Plane, Plane], part, output, scratch)
  else copyRows(data, planes[0] as Plane, part, output)
  const length = part.height * part.width * channels
  return { height: part.height, width: part.width, channels, data: data.subarray(output, output + length) }
}

/** Libjpeg decodes chroma of half the size at up to twice the scale where that saves the upsampling. */
function blockSize(components: readonly JpegComponent[], index: number, shrink: number): number {
  const [luma] = components as [JpegComponent]
  const isHalved = index > 0 && luma.across === 2 && luma.down === 2 && shrink > 1
  return (8 / shrink) * (isHalved ? 2 : 1)
}

function copyRows(data: Uint8Array, { address, stride, top, left }: Plane, part: Crop, output: number): void {
  for (let y = 0; y < part.height; y++) {
    const from = address + (part.top + y - top) * stride + part.left - left
    data.copyWithin(output + y * part.width, from, from + part.width)
  }
}

function writeRgb(
  loaded: JpegKernels,
  [luma, blueness, redness]: readonly [Plane, Plane, Plane],
  part: Crop,
  output: number,
  scratch: number,
): void {
  const left = part.left - luma.left
  const second = scratch + luma.stride + 32
  const spare = second + luma.stride + 32
  for (let y = 0; y < part.height; y++) {
    const row = part.top + y
    const cb = chromaRow(loaded, blueness, luma, row, scratch, spare)
    const cr = chromaRow(loaded, redness, luma, row, second, spare)
    const from = luma.address + (row - luma.top) * luma.stride + left
    loaded.toRgb(from, cb + left, cr + left, part.width, output + y * part.width * 3)
  }
}

/** The address of a row of chroma that is as wide as luma's: its own, or one that is made at `target`. */
function chromaRow(
  loaded: JpegKernels,
  { address, stride, top, left, height, width }: Plane,
  luma: Plane,
  row: number,
  target: number,
  spare: number,
): number {
  if (width >= luma.width) return address + (row - top) * stride
  const isHalfHeight = height < luma.height
  const near = isHalfHeight ? row >> 1 : row
  const beside = Math.max(0, Math.min(height - 1, near + (row % 2 === 0 ? -1 : 1)))
  const far = isHalfHeight ? beside : near
  // Beyond the image's edge blocks have padding.
  const count = Math.min(stride, width - left)
  const first = address - top * stride
  loaded.upsample(first + near * stride, first + far * stride, count, Number(isHalfHeight), spare, target)
  return target
}
