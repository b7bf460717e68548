import { kernelsFor } from './pixel-kernels.js'
import type { Pixels, Preprocessing } from './preprocessing.js'

type Interpolation = Preprocessing['interpolation']

/** A rectangle of an image, in its pixels or parts of them. */
export interface Region {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

const kernels: Record<Exclude<Interpolation, 'nearest'>, { support: number; at: (x: number) => number }> = {
  bilinear: { support: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) },
  // Keys 1981 with a = −1/2, as in PIL
  bicubic: {
    support: 2,
    at: (x) => {
      const t = Math.abs(x)
      if (t < 1) return (1.5 * t - 2.5) * t * t + 1
      return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0
    },
  },
}

/** What each position along an axis of the result is made of. */
interface Axis {
  /** The first pixel and the number of pixels of each position. */
  readonly spans: Int32Array
  /** Fixed-point weights, `taps` for each position. */
  readonly weights: Int32Array
  readonly taps: number
}

/** 1 in the fixed point of weights, as PIL has it for 8-bit images. */
const one = 2 ** 22

/**
 * Resamples the pixels from `start` on, `length` of them, out of `from`: kernels widen when they shrink, which
 * antialiases, as in PIL.
 */
function axisOf(from: number, start: number, length: number, to: number, interpolation: Interpolation): Axis {
  const scale = length / to
  if (interpolation === 'nearest') return nearestAxis(from, start, scale, to)
  const { support, at } = kernels[interpolation]
  const stretch = Math.max(1, scale)
  const reach = support * stretch
  const taps = 2 * Math.ceil(reach) + 1
  const spans = new Int32Array(2 * to)
  const weights = new Int32Array(taps * to)
  const raw = new Float64Array(taps)
  for (let i = 0; i < to; i++) {
    const centre = start + (i + 0.5) * scale
    const first = Math.max(0, Math.floor(centre - reach + 0.5))
    const count = Math.min(from, Math.floor(centre + reach + 0.5)) - first
    spans[2 * i] = first
    spans[2 * i + 1] = count
    let total = 0
    for (let k = 0; k < count; k++) {
      raw[k] = at((first + k + 0.5 - centre) * (1 / stretch))
      total += raw[k] as number
    }
    for (let k = 0; k < count; k++) {
      const weight = (raw[k] as number) * (1 / total) * one
      weights[i * taps + k] = weight + (weight < 0 ? -0.5 : 0.5)
    }
  }
  return { spans, weights, taps }
}

function nearestAxis(from: number, start: number, scale: number, to: number): Axis {
  const spans = new Int32Array(2 * to)
  // A running sum, as PIL has it: where a position falls on a border between pixels, its rounding decides.
  let position = start - scale / 2
  for (let i = 0; i < to; i++) {
    position += scale
    spans[2 * i] = Math.min(from - 1, Math.floor(position))
    spans[2 * i + 1] = 1
  }
  return { spans, weights: new Int32Array(to).fill(one), taps: 1 }
}

/** How much of an image is worked on at once: what a processor's first cache holds beside what is made of it. */
const blockBytes = 2 ** 14

/**
 * A part of an image, scaled: what PIL gives, byte for byte, for the pixels that the region touches and a `box` in them.
 * Nothing outside of those is looked at. The result is written to `into`: new memory by default.
 */
export function resizeRegion(
  pixels: Pixels,
  region: Region,
  height: number,
  width: number,
  interpolation: Interpolation,
  into: Uint8Array = new Uint8Array(height * width * pixels.channels),
): Pixels {
  const { channels, data } = pixels
  const left = Math.floor(region.left)
  const top = Math.floor(region.top)
  const across = Math.min(pixels.width, Math.ceil(region.left + region.width)) - left
  const down = Math.min(pixels.height, Math.ceil(region.top + region.height)) - top
  const columns = axisOf(across, region.left - left, region.width, width, interpolation)
  const rows = axisOf(down, region.top - top, region.height, height, interpolation)

  // Whole rows are one copy, which beats one for each row up to about twice the bytes.
  const isWhole = 2 * across >= pixels.width
  const stride = (isWhole ? pixels.width : across) * channels
  const skipped = isWhole ? left * channels : 0
  const outStride = width * channels
  // Kernels take four rows at a time.
  const atOnce = Math.min(down, 4 * Math.ceil(blockBytes / (4 * stride)))
  const { addresses, bytes, words, resampleRows, resampleColumns } = kernelsFor([
    columns.spans.byteLength,
    columns.weights.byteLength,
    rows.spans.byteLength,
    rows.weights.byteLength,
    atOnce * stride,
    down * outStride,
    height * outStride,
  ])
  const [columnSpans, columnWeights, rowSpans, rowWeights, block, narrowed, result] = addresses
  words.set(columns.spans, columnSpans / 4)
  words.set(columns.weights, columnWeights / 4)
  words.set(rows.spans, rowSpans / 4)
  words.set(rows.weights, rowWeights / 4)

  const copyRows = (y: number, count: number) => {
    for (let i = 0; i < count; i++) {
      const from = ((top + y + i) * pixels.width + left) * channels
      bytes.set(data.subarray(from, from + stride), block + i * stride)
    }
  }
  // Columns are resampled first and rounded, as in PIL.
  for (let y = 0; y < down; y += atOnce) {
    const count = Math.min(atOnce, down - y)
    if (isWhole) bytes.set(data.subarray((top + y) * stride, (top + y + count) * stride), block)
    else copyRows(y, count)
    const target = narrowed + y * outStride
    resampleRows(
      block + skipped,
      stride,
      count,
      channels,
      target,
      width,
      columnSpans,
      columnWeights,
      columns.taps,
    )
  }
  resampleColumns(narrowed, outStride, result, height, rowSpans, rowWeights, rows.taps)
  into.set(bytes.subarray(result, result + height * outStride))
  return { height, width, channels, data: into }
}
