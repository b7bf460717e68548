import fc from 'fast-check'
import { expect, it } from 'vitest'
import { blendWithLevel, blendWithLuma, meanLuma } from './blend.js'
import type { Pixels } from './preprocessing.js'

const lumaOf = (r: number, g: number, b: number) => (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16

/** PIL's `Image.blend` of one byte, in single precision. */
function blendByte(from: number, to: number, factor: number): number {
  const value = Math.fround(from + Math.fround(Math.fround(factor) * (to - from)))
  return Math.trunc(Math.max(0, Math.min(255, value)))
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
      expect(blendWithLevel(level, image, factor).data).toEqual(expected)
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
      expect(blendWithLuma(image, factor).data).toEqual(expected)
      expect(meanLuma(image)).toBe(Math.floor(lumas.reduce((sum, value) => sum + value, 0) / width + 0.5))
    }),
  )
})

it('images of several blocks', () => {
  const [height, width] = [1100, 1000]
  const data = new Uint8Array(height * width * 3).map((_, i) => i * 31)
  const image = { height, width, channels: 3, data } as const
  const [blended, whitened] = [blendWithLuma(image, 0.5), blendWithLevel(255, image, 0)]
  expect(whitened.data.every((byte) => byte === 255)).toBe(true)
  for (const at of [0, 3 * 2 ** 20 - 3, 3 * 2 ** 20, data.length - 3]) {
    const [r, g, b] = [...data.subarray(at, at + 3)] as [number, number, number]
    expect([...blended.data.subarray(at, at + 3)]).toEqual(
      [r, g, b].map((byte) => blendByte(lumaOf(r, g, b), byte, 0.5)),
    )
  }
  expect(meanLuma(whitened)).toBe(255)
})
