import type { ImageTransform, Pixels } from '@convkit/core'
import { type Field, numberOrRange, type Range } from '../shared/options.js'
import { type Chance, randomTransform } from '../shared/random-transform.js'

/**
 * Weighted means of `kernelSize × kernelSize` pixels, an odd number, with the image mirrored at its border: torchvision's
 * `gaussian_blur`.
 */
export function gaussianBlur(image: Pixels, sigma: number, kernelSize: number): Pixels {
  const { height, width, channels, data } = image
  const weights = gaussian(sigma, kernelSize)
  const rowLength = width * channels
  const horizontal = new Float32Array(data.length)
  const sources = { x: reflected(width, weights.length - 1), y: reflected(height, weights.length - 1) }
  const line = new Float32Array(rowLength + 2 * (weights.length - 1) * channels)
  for (let y = 0; y < height; y++) {
    const row = y * rowLength
    for (let x = 0, at = 0; x < sources.x.length; x++) {
      const from = row + (sources.x[x] as number) * channels
      for (let c = 0; c < channels; c++) line[at++] = data[from + c] as number
    }
    blurLine(line, weights, channels, horizontal, row, rowLength)
  }
  const blurred = new Uint8Array(data.length)
  const sums = new Float32Array(rowLength)
  const radius = weights.length - 1
  for (let y = 0; y < height; y++) {
    const rowAt = (offset: number) => (sources.y[y + radius + offset] as number) * rowLength
    scaleRow(horizontal, rowAt(0), weights[0] as number, sums)
    for (let k = 1; k <= radius; k++) {
      addRows(horizontal, rowAt(-k), rowAt(k), weights[k] as number, sums)
    }
    const out = y * rowLength
    for (let x = 0; x < rowLength; x++) blurred[out + x] = (sums[x] as number) + 0.5
  }
  return { ...image, data: blurred }
}

/** Such weights, of 1 in the middle, change no byte by a hundredth. */
const negligible = 1e-5

/** One half of the kernel, from its middle; the whole of it sums to 1. */
function gaussian(sigma: number, kernelSize: number): Float32Array {
  const length = (kernelSize + 1) / 2
  const values = Array.from({ length }, (_, k) => Math.exp(-0.5 * (k / sigma) ** 2))
  const half = values.filter((value) => value > negligible)
  const total = half.reduce((sum, value, k) => sum + (k === 0 ? value : 2 * value), 0)
  return Float32Array.from(half, (value) => value / total)
}

/** Positions from −radius on, those beyond the border folded back at it. */
function reflected(size: number, radius: number): Int32Array {
  const period = Math.max(1, 2 * (size - 1))
  return Int32Array.from({ length: size + 2 * radius }, (_, i) => {
    const folded = (((i - radius) % period) + period) % period
    return folded < size ? folded : period - folded
  })
}

function blurLine(
  line: Float32Array,
  weights: Float32Array,
  channels: number,
  out: Float32Array,
  row: number,
  length: number,
): void {
  const middle = (weights.length - 1) * channels
  for (let x = 0; x < length; x++) {
    const at = x + middle
    let sum = (weights[0] as number) * (line[at] as number)
    for (let k = 1, step = channels; k < weights.length; k++, step += channels) {
      sum += (weights[k] as number) * ((line[at - step] as number) + (line[at + step] as number))
    }
    out[row + x] = sum
  }
}

function scaleRow(rows: Float32Array, from: number, weight: number, sums: Float32Array): void {
  for (let x = 0; x < sums.length; x++) sums[x] = weight * (rows[from + x] as number)
}

function addRows(rows: Float32Array, a: number, b: number, weight: number, sums: Float32Array): void {
  for (let x = 0; x < sums.length; x++) {
    sums[x] = (sums[x] as number) + weight * ((rows[a + x] as number) + (rows[b + x] as number))
  }
}

export interface GaussianBlurOptions extends Chance {
  /** Standard deviation in pixels, or the range to draw it from; [0.1, 2] by default. */
  readonly sigma?: number | Range
  /** An odd number of pixels; 13 by default, six times the largest sigma. */
  readonly kernelSize?: number
}

const odd: Field<number> = {
  fallback: 13,
  wanted: 'an odd number of at least 1',
  isValid: (value) => typeof value === 'number' && value >= 1 && value % 2 === 1,
}

/** Blurs images: torchvision's `GaussianBlur`. */
export function randomGaussianBlur(options?: GaussianBlurOptions): ImageTransform {
  return randomTransform<GaussianBlurOptions>({
    name: 'gaussian-blur',
    fields: { sigma: numberOrRange([0.1, 2], 0.01), kernelSize: odd },
    options,
    apply: (image, { sigma, kernelSize }, draws) =>
      gaussianBlur(image, typeof sigma === 'number' ? sigma : draws.uniform(...sigma), kernelSize),
  })
}
