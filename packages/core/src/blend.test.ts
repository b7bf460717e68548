import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Blend, blendInTurn, turnHue } from './blend.js'
import type { Pixels } from './preprocessing.js'

const lumaOf = (r: number, g: number, b: number) => (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16

/** PIL's `Image.blend` of one byte, in single precision. */
function blendByte(from: number, to: number, factor: number): number {
  const value = Math.fround(from + Math.fround(Math.fround(factor) * (to - from)))
  return Math.trunc(Math.max(0, Math.min(255, value)))
}

/** Hue, saturation and value, a byte each, as PIL has them: in the precisions that its C code takes. */
function toHsv(r: number, g: number, b: number): [h: number, s: number, v: number] {
  const { fround } = Math
  const value = Math.max(r, g, b)
  const spread = value - Math.min(r, g, b)
  if (spread === 0) return [0, 0, value]
  const [red, green, blue] = [r, g, b].map((level) => fround((value - level) / spread)) as [
    number,
    number,
    number,
  ]
  const sixths = fround(r === value ? blue - green : g === value ? 2 + red - blue : 4 + green - red)
  const turns = fround((sixths / 6 + 1) % 1)
  return [Math.trunc(turns * 255), Math.trunc(fround(spread / value) * 255), value]
}

function toRgb(h: number, s: number, v: number): number[] {
  const sixths = (h * 6) / 255
  const part = sixths % 1
  const left = (share: number) => Math.round(v * (1 - (s / 255) * share))
  const [low, falling, rising] = [left(1), left(part), left(1 - part)]
  const sectors = [
    [v, rising, low],
    [falling, v, low],
    [low, v, rising],
    [low, falling, v],
    [rising, low, v],
    [v, low, falling],
  ]
  return sectors[Math.floor(sixths) % 6] as number[]
}

const images = fc
  .record({ pixels: fc.array(fc.nat(255), { minLength: 1, maxLength: 60 }), channels: fc.constantFrom(1, 3) })
  .map(({ pixels, channels }) => {
    const data = Uint8Array.from(
      channels === 1 ? pixels : pixels.flatMap((r, i) => [r, (r * 7 + i) % 256, 255 - r]),
    )
    return { height: 1, width: pixels.length, channels, data } as Pixels
  })
const factors = fc.double({ min: -1, max: 3, noNaN: true })

it('a level of grey', () => {
  fc.assert(
    fc.property(images, factors, fc.nat(255), (image, factor, level) => {
      const expected = image.data.map((byte) => blendByte(level, byte, factor))
      expect(blendInTurn(image, [{ with: level, factor }]).data).toEqual(expected)
    }),
  )
})

it('luma, and its mean', () => {
  fc.assert(
    fc.property(images, factors, (image, factor) => {
      const { data, channels, width } = image
      const lumas = Array.from({ length: width }, (_, i) =>
        channels === 1
          ? (data[i] as number)
          : lumaOf(data[3 * i] as number, data[3 * i + 1] as number, data[3 * i + 2] as number),
      )
      const expected =
        channels === 1
          ? data
          : data.map((byte, i) => blendByte(lumas[Math.floor(i / 3)] as number, byte, factor))
      expect(blendInTurn(image, [{ with: 'luma', factor }]).data).toEqual(expected)
      const mean = Math.floor(lumas.reduce((sum, value) => sum + value, 0) / width + 0.5)
      expect(blendInTurn(image, [{ with: 'mean luma', factor: 0 }]).data).toEqual(data.map(() => mean))
    }),
  )
})

it('one after the other is as each on its own, also in the memory of the image', () => {
  const blends = fc.array(
    fc.record({ with: fc.constantFrom<Blend['with']>(0, 200, 'mean luma', 'luma'), factor: factors }),
    { maxLength: 4 },
  )
  fc.assert(
    fc.property(images, blends, (image, list) => {
      const expected = list.reduce((blended, blend) => blendInTurn(blended, [blend]), image)
      expect(blendInTurn(image, list).data).toEqual(expected.data)
      const own = { ...image, data: image.data.slice() }
      expect(blendInTurn(own, list, own.data).data).toBe(own.data)
      expect(own.data).toEqual(expected.data)
    }),
  )
})

it('images of several blocks', () => {
  const [height, width] = [1100, 1000]
  const data = new Uint8Array(height * width * 3).map((_, i) => i * 31)
  const image = { height, width, channels: 3, data } as const
  const blended = blendInTurn(image, [{ with: 'luma', factor: 0.5 }])
  for (const at of [0, 3 * 2 ** 20 - 3, 3 * 2 ** 20, data.length - 3]) {
    const [r, g, b] = [...data.subarray(at, at + 3)] as [number, number, number]
    expect([...blended.data.subarray(at, at + 3)]).toEqual(
      [r, g, b].map((byte) => blendByte(lumaOf(r, g, b), byte, 0.5)),
    )
  }
  const white = { with: 255, factor: 0 } as const
  const whitened = blendInTurn(image, [white])
  expect(whitened.data.every((byte) => byte === 255)).toBe(true)
  // The mean is that of the whole image
  const ofMean = blendInTurn(image, [white, { with: 'mean luma', factor: 0 }])
  expect(ofMean.data.every((byte) => byte === 255)).toBe(true)
  const half = { ...image, data: new Uint8Array(data.length).fill(200, 0, 3 * 550 * 1000) }
  const flat = blendInTurn(half, [{ with: 'mean luma', factor: 0 }])
  expect(flat.data.every((byte) => byte === 100)).toBe(true)
})

it('hues are turned as in HSV of bytes', () => {
  const channel = fc.oneof(
    fc.nat(255),
    fc.nat(3),
    fc.nat(3).map((level) => 255 - level),
  )
  const colors = fc.array(fc.tuple(channel, channel, channel), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(colors, fc.double({ min: -0.5, max: 0.5, noNaN: true }), (pixels, turns) => {
      const data = Uint8Array.from(pixels.flat())
      const image = { height: 1, width: pixels.length, channels: 3, data } as const
      const expected = pixels.flatMap((pixel) => {
        const [h, s, v] = toHsv(...pixel)
        return toRgb((h + Math.trunc(turns * 255)) & 255, s, v)
      })
      expect([...turnHue(image, turns).data]).toEqual(expected)
    }),
    { numRuns: 1000 },
  )
})
