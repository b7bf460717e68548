import type { FloatTensor } from '@convkit/core'
import type { SharpInput, SharpOptions } from 'sharp'

/** Black, violet, red, yellow, white: brighter with every step. */
const colours = [
  [0, 0, 0],
  [87, 16, 110],
  [188, 55, 84],
  [249, 142, 9],
  [255, 255, 230],
] as const

/** A map `[h, w]` of values of at least 0 as a picture, a pixel each; square roots show what is faint. */
export function heatMap({ shape, data }: FloatTensor): [SharpInput, SharpOptions] {
  const [height = 0, width = 0] = shape
  const largest = data.reduce((most, value) => Math.max(most, value), 0) || 1
  const pixels = new Uint8Array(data.length * 3)
  data.forEach((value, i) => {
    pixels.set(colourOf(Math.sqrt(value / largest)), 3 * i)
  })
  return [pixels, { raw: { width, height, channels: 3 } }]
}

/** The colour at a place in [0, 1] between those of the list. */
function colourOf(place: number): number[] {
  const at = Math.min(colours.length - 2, Math.floor(place * (colours.length - 1)))
  const [from = [0, 0, 0], to = [0, 0, 0]] = [colours[at], colours[at + 1]]
  const share = place * (colours.length - 1) - at
  return [0, 1, 2].map((channel) => {
    const start = from[channel] ?? 0
    return Math.round(start + share * ((to[channel] ?? 0) - start))
  })
}
