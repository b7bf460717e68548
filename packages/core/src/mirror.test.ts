import fc from 'fast-check'
import { expect, it } from 'vitest'
import { mirror } from './mirror.js'
import type { Pixels } from './preprocessing.js'

const images = fc
  .record({
    height: fc.integer({ min: 1, max: 9 }),
    width: fc.integer({ min: 1, max: 40 }),
    channels: fc.constantFrom(1 as const, 3 as const),
  })
  .map(({ height, width, channels }): Pixels => {
    const data = Uint8Array.from({ length: height * width * channels }, (_, i) => (i * 97 + 13) % 256)
    return { height, width, channels, data }
  })

it('swaps left and right, in new memory or its own', () => {
  fc.assert(
    fc.property(images, (image) => {
      const { width, channels, data } = image
      const expected = data.map((_, i) => {
        const pixel = Math.floor(i / channels)
        const column = pixel % width
        return data[(pixel - column + width - 1 - column) * channels + (i % channels)] as number
      })
      expect(mirror(image).data).toEqual(expected)
      const own = data.slice()
      expect(mirror({ ...image, data: own }, own).data).toBe(own)
      expect(own).toEqual(expected)
    }),
  )
})

it('an image of more than one block', () => {
  const image: Pixels = { height: 800, width: 700, channels: 3, data: new Uint8Array(800 * 700 * 3) }
  for (let i = 0; i < image.data.length; i++) image.data[i] = i % 251
  const twice = mirror(mirror(image))
  expect(Buffer.compare(twice.data, image.data)).toBe(0)
  expect([...mirror(image).data.subarray(-3)]).toEqual([...image.data.subarray(-2100, -2097)])
})
