import type { FloatTensor, Pixels } from '@convkit/core'
import sharp from 'sharp'

/** Blue, green, yellow, red: what matters little to what matters most. */
const colours = [
  [37, 99, 235],
  [34, 197, 94],
  [250, 204, 21],
  [220, 38, 38],
] as const

/** How much of the picture the strongest colour covers. */
const strength = 0.6

/** A picture with a map of values in [0, 1] over it, `[h, w]` of any size. */
export async function overlay(picture: Pixels, { shape, data }: FloatTensor): Promise<Pixels> {
  const [h = 1, w = 1] = shape
  const { height, width } = picture
  const grey = Buffer.from(data.map((value) => 255 * value))
  const large = await sharp(grey, { raw: { width: w, height: h, channels: 1 } })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .extractChannel(0)
    .raw()
    .toBuffer()
  const pixels = new Uint8Array(width * height * 3)
  for (let i = 0; i < width * height; i++) {
    const value = (large[i] as number) / 255
    const colour = colourOf(value)
    const cover = strength * Math.sqrt(value)
    for (let c = 0; c < 3; c++) {
      const own = picture.data[picture.channels === 1 ? i : 3 * i + c] as number
      pixels[3 * i + c] = own + cover * ((colour[c] as number) - own)
    }
  }
  return { height, width, channels: 3, data: pixels }
}

function colourOf(value: number): readonly number[] {
  const at = Math.min(colours.length - 2, Math.floor(value * (colours.length - 1)))
  const share = value * (colours.length - 1) - at
  const [from = [], to = []] = [colours[at], colours[at + 1]] as (readonly number[])[]
  return [0, 1, 2].map((c) => (from[c] as number) + share * ((to[c] as number) - (from[c] as number)))
}
