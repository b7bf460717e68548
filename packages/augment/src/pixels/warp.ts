import type { Pixels } from '@convkit/core'
import type { Fill } from '../shared/options.js'

export interface WarpOptions {
  /** `bilinear` by default. */
  readonly interpolation?: 'nearest' | 'bilinear'
  /** Of pixels from outside of the image; 0, black, by default. */
  readonly fill?: Fill
}

/** Where the pixel at `[x, y]` comes from: `x' = (ax + by + c) / w`, `y' = (dx + ey + f) / w`, `w = gx + hy + 1`. */
export type Mapping = readonly [
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  g: number,
  h: number,
]

/** An affine or perspective map of an image, of the same size, as PIL's `Image.transform` computes it. */
export function warp(image: Pixels, mapping: Mapping, options: WarpOptions = {}): Pixels {
  const { interpolation = 'bilinear', fill = 0 } = options
  const data = filled(image, fill)
  if (interpolation === 'bilinear') warpBilinear(image, mapping, data)
  else if (mapping[6] !== 0 || mapping[7] !== 0) warpNearest(image, mapping, data)
  else if (mapping[1] === 0 && mapping[3] === 0) scaleNearest(image, mapping, data)
  else warpNearestFixed(image, mapping, data)
  return { ...image, data }
}

function filled({ data, channels }: Pixels, fill: Fill): Uint8Array {
  const filling = new Uint8Array(data.length)
  const levels = typeof fill === 'number' ? [fill, fill, fill] : fill
  if (levels.every((level) => level === 0)) return filling
  if (channels === 1 || levels.every((level) => level === levels[0])) return filling.fill(levels[0] as number)
  for (let i = 0; i < filling.length; i += 3) filling.set(levels, i)
  return filling
}

function warpBilinear({ height, width, channels, data }: Pixels, mapping: Mapping, out: Uint8Array): void {
  const [a, b, c, d, e, f, g, h] = mapping
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += channels) {
      const scale = g * (x + 0.5) + h * (y + 0.5) + 1
      const left = (a * (x + 0.5) + b * (y + 0.5) + c) / scale
      const top = (d * (x + 0.5) + e * (y + 0.5) + f) / scale
      if (!(left >= 0 && left < width && top >= 0 && top < height)) continue
      const column = Math.floor(left - 0.5)
      const row = Math.floor(top - 0.5)
      const dx = left - 0.5 - column
      const dy = top - 0.5 - row
      const x0 = Math.max(0, column) * channels
      const x1 = Math.min(column + 1, width - 1) * channels
      const y0 = Math.max(0, row) * width * channels
      const y1 = Math.min(row + 1, height - 1) * width * channels
      for (let channel = 0; channel < channels; channel++) {
        const v00 = data[y0 + x0 + channel] as number
        const v01 = data[y0 + x1 + channel] as number
        const v10 = data[y1 + x0 + channel] as number
        const v11 = data[y1 + x1 + channel] as number
        const upper = v00 + (v01 - v00) * dx
        const lower = v10 + (v11 - v10) * dx
        out[at + channel] = upper + (lower - upper) * dy
      }
    }
  }
}

function warpNearest({ height, width, channels, data }: Pixels, mapping: Mapping, out: Uint8Array): void {
  const [a, b, c, d, e, f, g, h] = mapping
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += channels) {
      const scale = g * (x + 0.5) + h * (y + 0.5) + 1
      const column = Math.floor((a * (x + 0.5) + b * (y + 0.5) + c) / scale)
      const row = Math.floor((d * (x + 0.5) + e * (y + 0.5) + f) / scale)
      if (!(column >= 0 && column < width && row >= 0 && row < height)) continue
      const from = (row * width + column) * channels
      for (let channel = 0; channel < channels; channel++) out[at + channel] = data[from + channel] as number
    }
  }
}

/** A map without rotation or shear: every row has the same columns. */
function scaleNearest({ height, width, channels, data }: Pixels, mapping: Mapping, out: Uint8Array): void {
  const [a, , c, , e, f] = mapping
  const columns = sources(width, a, c)
  const rows = sources(height, e, f)
  for (let y = 0, at = 0; y < height; y++) {
    const row = rows[y] as number
    for (let x = 0; x < width; x++, at += channels) {
      const column = columns[x] as number
      if (row < 0 || column < 0) continue
      const from = (row * width + column) * channels
      for (let channel = 0; channel < channels; channel++) out[at + channel] = data[from + channel] as number
    }
  }
}

/** Where the pixels of a line come from, −1 for nowhere: a running sum, whose rounding decides at borders of pixels. */
function sources(size: number, step: number, start: number): Int32Array {
  let position = start + step * 0.5
  return Int32Array.from({ length: size }, () => {
    const source = position >= 0 && position < size ? Math.floor(position) : -1
    position += step
    return source
  })
}

/** An affine map in steps of 2⁻¹⁶ pixels. */
function warpNearestFixed(
  { height, width, channels, data }: Pixels,
  mapping: Mapping,
  out: Uint8Array,
): void {
  const [a, b, c, d, e, f] = mapping
  const fixed = (value: number) => Math.floor(value * 65536 + 0.5)
  const [stepX, stepY] = [fixed(a), fixed(d)]
  const [rowX, rowY] = [fixed(b), fixed(e)]
  const [limitX, limitY] = [width * 65536, height * 65536]
  let startX = fixed(c + a * 0.5 + b * 0.5)
  let startY = fixed(f + d * 0.5 + e * 0.5)
  for (let y = 0, at = 0; y < height; y++, startX += rowX, startY += rowY) {
    let [left, top] = [startX, startY]
    for (let x = 0; x < width; x++, at += channels, left += stepX, top += stepY) {
      if (!(left >= 0 && left < limitX && top >= 0 && top < limitY)) continue
      const from = ((top >> 16) * width + (left >> 16)) * channels
      for (let channel = 0; channel < channels; channel++) out[at + channel] = data[from + channel] as number
    }
  }
}
