import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import cases from './fixtures/resample.json' with { type: 'json' }
import { imagenetPreprocessing, type Pixels, type Preprocessing } from './preprocessing.js'
import { centerCrop, preprocess, resize, scaledSize, toChannels } from './resample.js'

describe('resize', () => {
  it.each(cases.filter((c) => !c.region).map((c) => [c.interpolation, c.from, c.to, c] as const))(
    '%s from %j to %j is PIL’s',
    (_, from, to, c) => {
      const [height = 0, width = 0] = from
      const pixels = { height, width, channels: c.channels, data: Uint8Array.from(c.input) } as Pixels
      const resized = resize(
        pixels,
        to[0] ?? 0,
        to[1] ?? 0,
        c.interpolation as Preprocessing['interpolation'],
      )
      expect([...resized.data]).toEqual(c.output)
    },
  )

  it('keeps a constant image constant', () => {
    const sizes = fc.record({
      h: fc.integer({ min: 1, max: 20 }),
      w: fc.integer({ min: 1, max: 20 }),
      value: fc.nat(255),
    })
    fc.assert(
      fc.property(
        sizes,
        sizes,
        fc.constantFrom('bilinear', 'bicubic', 'nearest'),
        (from, to, interpolation) => {
          const data = new Uint8Array(from.h * from.w * 3).fill(from.value)
          const resized = resize(
            { height: from.h, width: from.w, channels: 3, data },
            to.h,
            to.w,
            interpolation,
          )
          expect(resized.data.every((value) => value === from.value)).toBe(true)
          expect(resized.data).toHaveLength(to.h * to.w * 3)
        },
      ),
    )
  })
})

describe('scaledSize', () => {
  it.each([
    [[400, 300], {}, [341, 256]],
    [[300, 400], {}, [256, 341]],
    [[300, 400], { cropPct: 0.95 }, [235, 313]],
    [[300, 400], { cropMode: 'squash', cropPct: 1 }, [224, 224]],
  ] as const)('%j with %j scales to %j', ([height, width], changes, expected) => {
    expect(scaledSize({ height, width }, { ...imagenetPreprocessing, ...changes })).toEqual(expected)
  })
})

describe('centerCrop', () => {
  const pixels: Pixels = {
    height: 3,
    width: 4,
    channels: 1,
    data: Uint8Array.from({ length: 12 }, (_, i) => i + 1),
  }

  it('takes the middle', () => {
    expect([...centerCrop(pixels, 1, 2).data]).toEqual([6, 7])
  })

  it('is black beyond the image', () => {
    expect([...centerCrop(pixels, 5, 2).data]).toEqual([0, 0, 2, 3, 6, 7, 10, 11, 0, 0])
  })
})

describe('toChannels', () => {
  it('repeats grey, and weighs colours as ITU-R 601 does', () => {
    const grey: Pixels = { height: 1, width: 2, channels: 1, data: Uint8Array.of(3, 200) }
    expect([...toChannels(grey, 3).data]).toEqual([3, 3, 3, 200, 200, 200])
    const colours: Pixels = {
      height: 1,
      width: 3,
      channels: 3,
      data: Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255),
    }
    expect([...toChannels(colours, 1).data]).toEqual([76, 150, 29])
  })
})

describe('preprocess', () => {
  it('refuses pixels that do not fill their size', () => {
    const pixels: Pixels = { height: 2, width: 2, channels: 3, data: new Uint8Array(11) }
    expect(() => preprocess(pixels, imagenetPreprocessing)).toThrow(
      '11 bytes are not 2×2 pixels of 3 channels',
    )
  })
})
