import fc from 'fast-check'
import { expect, it } from 'vitest'
import cases from './fixtures/resample.json' with { type: 'json' }
import type { Pixels, Preprocessing } from './preprocessing.js'
import { resize } from './resample.js'
import { type Region, resizeRegion } from './resize-region.js'

it.each(cases.flatMap((c) => (c.region ? [[c.interpolation, c.channels, c.region, c.to, c] as const] : [])))(
  '%s, %i channels, %j to %j is PIL’s',
  (_, __, region, [height = 0, width = 0], c) => {
    const [fullHeight = 0, fullWidth = 0] = c.from
    const pixels = {
      height: fullHeight,
      width: fullWidth,
      channels: c.channels,
      data: Uint8Array.from(c.input),
    }
    const interpolation = c.interpolation as Preprocessing['interpolation']
    expect([...resizeRegion(pixels as Pixels, region, height, width, interpolation).data]).toEqual(c.output)
  },
)

/** Pixels that are different at each place. */
function pixelsOf(height: number, width: number, channels: 1 | 3): Pixels {
  const data = new Uint8Array(height * width * channels).map((_, i) => (i * 7919) >> 3)
  return { height, width, channels, data }
}

function cut({ width, channels, data }: Pixels, region: Region): Pixels {
  const rows = Array.from({ length: region.height }, (_, y) => {
    const from = ((region.top + y) * width + region.left) * channels
    return [...data.subarray(from, from + region.width * channels)]
  })
  return { height: region.height, width: region.width, channels, data: Uint8Array.from(rows.flat()) }
}

it('is a crop and a resize of it', () => {
  const side = fc.integer({ min: 1, max: 12 })
  const interpolations = fc.constantFrom('bilinear' as const, 'bicubic' as const, 'nearest' as const)
  fc.assert(
    fc.property(
      fc.record({ left: fc.nat(8), top: fc.nat(8), width: side, height: side }),
      fc.record({ right: fc.nat(3), bottom: fc.nat(3), channels: fc.constantFrom(1 as const, 3 as const) }),
      fc.record({ height: side, width: side }),
      interpolations,
      (region, { right, bottom, channels }, to, interpolation) => {
        const whole = pixelsOf(
          region.top + region.height + bottom,
          region.left + region.width + right,
          channels,
        )
        expect(resizeRegion(whole, region, to.height, to.width, interpolation)).toEqual(
          resize(cut(whole, region), to.height, to.width, interpolation),
        )
      },
    ),
  )
})

it('images larger than a block, and far longer than wide', () => {
  for (const [height, width] of [
    [1500, 1000],
    [10_000, 1],
    [1, 10_000],
  ] as const) {
    const flat = { ...pixelsOf(height, width, 3), data: new Uint8Array(height * width * 3).fill(77) }
    const { data } = resizeRegion(flat, { left: 0, top: 0, height, width }, 30, 20, 'bilinear')
    expect(data).toEqual(new Uint8Array(30 * 20 * 3).fill(77))
  }
  // Every second pixel of every second row of a large image, found again where it was.
  const large = pixelsOf(1500, 1000, 3)
  const small = resizeRegion(large, { left: 0, top: 0, height: 1500, width: 1000 }, 750, 500, 'nearest')
  for (const [y, x] of [
    [0, 0],
    [400, 123],
    [749, 499],
  ] as const) {
    const [from, to] = [((2 * y + 1) * 1000 + 2 * x + 1) * 3, (y * 500 + x) * 3]
    expect(small.data.subarray(to, to + 3)).toEqual(large.data.subarray(from, from + 3))
  }
})
