import type { Pixels } from '@convkit/core'

/**
 * Hues turned by `turns` · 360°, from −½ to ½. As PIL's conversions to HSV and back have it: hue, saturation and value
 * are rounded to a byte in between, so a turn of 0 changes colours slightly.
 */
export function turnHue(image: Pixels, turns: number): Pixels {
  const { data, channels } = image
  if (channels === 1) return image
  const shift = Math.trunc(turns * 255) & 255
  const turned = new Uint8Array(data.length)
  for (let i = 0; i < data.length; i += 3) {
    const r = data[i] as number
    const g = data[i + 1] as number
    const b = data[i + 2] as number
    const value = Math.max(r, g, b)
    const spread = value - Math.min(r, g, b)
    const saturation = spread === 0 ? 0 : Math.trunc(Math.fround(spread / value) * 255)
    if (saturation === 0) {
      turned[i] = turned[i + 1] = turned[i + 2] = value
      continue
    }
    const hue = (hueOf(r, g, b, value, spread) + shift) & 255
    const part = parts[hue] as number
    const strength = saturation / 255
    const low = Math.round(value * (1 - strength))
    const falling = Math.round(value * (1 - strength * part))
    const rising = Math.round(value * (1 - strength * (1 - part)))
    const sector = sectors[hue] as number
    turned[i] = sector === 0 || sector === 5 ? value : sector === 1 ? falling : sector === 4 ? rising : low
    turned[i + 1] =
      sector === 1 || sector === 2 ? value : sector === 3 ? falling : sector === 0 ? rising : low
    turned[i + 2] =
      sector === 3 || sector === 4 ? value : sector === 5 ? falling : sector === 2 ? rising : low
  }
  return { ...image, data: turned }
}

/** A colour's hue as a byte; in single precision, whose rounding decides between neighbours. */
function hueOf(r: number, g: number, b: number, value: number, spread: number): number {
  const distance = (channel: number) => Math.fround((value - channel) / spread)
  let sixths = 0
  if (r === value) sixths = Math.fround(distance(b) - distance(g))
  else if (g === value) sixths = Math.fround(2 + distance(r) - distance(b))
  else sixths = Math.fround(4 + distance(g) - distance(r))
  return Math.trunc(Math.fround(sixths < 0 ? sixths / 6 + 1 : sixths / 6) * 255)
}

/** Each hue's sixth of the circle, from red on; the last hue is red again. */
const sectors = Uint8Array.from({ length: 256 }, (_, hue) => Math.floor((hue * 6) / 255) % 6)
/** How far along its sixth each hue is. */
const parts = Float64Array.from({ length: 256 }, (_, hue) => ((hue * 6) / 255) % 1)
