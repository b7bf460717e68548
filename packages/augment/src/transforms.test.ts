import { type ImageTransform, type Pixels, random } from '@convkit/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import augment from './index.js'
import { drawn, moments } from './test-support/moments.js'

const { transforms } = augment

const images: fc.Arbitrary<Pixels> = fc
  .record({
    height: fc.integer({ min: 1, max: 24 }),
    width: fc.integer({ min: 1, max: 24 }),
    channels: fc.constantFrom(1 as const, 3 as const),
    seed: fc.nat(),
  })
  .map(({ seed, ...extent }) => {
    const stream = random(seed, 'pixels')
    const length = extent.height * extent.width * extent.channels
    return { ...extent, data: Uint8Array.from({ length }, (_, i) => stream.uint32(i) & 255) }
  })

function flat(levels: readonly number[], size = 8): Pixels {
  const data = Uint8Array.from(
    { length: size * size * levels.length },
    (_, i) => levels[i % levels.length] as number,
  )
  return { height: size, width: size, channels: levels.length === 1 ? 1 : 3, data }
}

const changed = async (transform: ImageTransform, image: Pixels, index: number) =>
  transform.apply(image, random(5, 'test', index))

describe.each(Object.entries(transforms))('%s', (name, make: (options: object) => ImageTransform) => {
  const transform = make({ probability: 1 })

  it('keeps the size, follows its stream alone and leaves its input alone', async () => {
    await fc.assert(
      fc.asyncProperty(images, fc.nat(), async (image, seed) => {
        const before = [...image.data]
        const once = await transform.apply(image, random(seed))
        const { height, width, channels } = image
        expect(once).toMatchObject({ height, width, channels })
        expect(once.data).toHaveLength(before.length)
        const again = await transform.apply(image, random(seed))
        expect([...again.data]).toEqual([...once.data])
        expect([...image.data]).toEqual(before)
      }),
      { numRuns: name === 'jpeg' ? 10 : 40 },
    )
  })

  it('is left out at probability 0', async () => {
    const image = flat([10, 200, 90])
    expect(await make({ probability: 0 }).apply(image, random(1))).toBe(image)
  })

  it('names what is wrong with an option', () => {
    expect(() => make({ probability: 2 })).toThrow(
      `probability of ${transform.name} must be a number from 0 to 1, got 2`,
    )
    expect(() => make({ probabilty: 1 })).toThrow(
      `${transform.name} has no option 'probabilty' (nearest: probability`,
    )
  })
})

describe('distributions', () => {
  it('flips every second image', async () => {
    const image: Pixels = { height: 1, width: 2, channels: 1, data: Uint8Array.of(0, 1) }
    const flips = drawn(2000, (i) => i)
    const first = await Promise.all(
      flips.map(async (i) => (await changed(transforms['horizontal-flip'](), image, i)).data[0] as number),
    )
    expect(moments(first).mean).toBeCloseTo(0.5, 1)
  })

  it('draws colour factors evenly from their range', async () => {
    const jitter = transforms['color-jitter']({ brightness: 0.4 })
    const levels: number[] = []
    for (let i = 0; i < 2000; i++) levels.push((await changed(jitter, flat([100]), i)).data[0] as number)
    const { mean, deviation, least, most } = moments(levels)
    expect([least, most]).toEqual([60, 139])
    expect(Math.abs(mean - 99.5)).toBeLessThan(2)
    expect(Math.abs(deviation - 80 / Math.sqrt(12))).toBeLessThan(1)
  })

  it('jitters in every order', async () => {
    const jitter = transforms['color-jitter']({ brightness: [2, 2], contrast: [0, 0] })
    const image = { ...flat([0]), data: Uint8Array.from({ length: 64 }, (_, i) => (i % 2 ? 200 : 100)) }
    // Twice as bright first: the mean of 200 and 255. Grey first: twice the mean of 100 and 200, cut off.
    const seen = new Set<number>()
    for (let i = 0; i < 50; i++) seen.add((await changed(jitter, image, i)).data[0] as number)
    expect(seen).toEqual(new Set([228, 255]))
  })

  it('turns hues to both sides', async () => {
    const jitter = transforms['color-jitter']({ hue: 0.5 })
    const colors = new Set<string>()
    for (let i = 0; i < 300; i++) {
      const { data } = await changed(jitter, flat([255, 0, 0], 1), i)
      colors.add(['r', 'g', 'b'][data.indexOf(Math.max(...data))] as string)
    }
    expect(colors).toEqual(new Set(['r', 'g', 'b']))
  })

  it('adds lighting noise of the deviation that the components have', async () => {
    const lighting = transforms.lighting({ deviation: 0.1 })
    const reds: number[] = []
    for (let i = 0; i < 3000; i++)
      reds.push((await changed(lighting, flat([128, 128, 128], 1), i)).data[0] as number)
    const expected = 255 * 0.1 * Math.hypot(0.2175 * 0.5675, 0.0188 * 0.7192, 0.0045 * 0.4009)
    expect(moments(reds).mean).toBeCloseTo(128, 0)
    expect(Math.abs(moments(reds).deviation / expected - 1)).toBeLessThan(0.06)
  })

  it('moves a padded crop by every offset as often', async () => {
    const dot = flat([0], 9)
    dot.data[4 * 9 + 4] = 255
    const counts = new Map<number, number>()
    for (let i = 0; i < 5000; i++) {
      const { data } = await changed(transforms['padded-crop']({ padding: 2 }), dot, i)
      counts.set(data.indexOf(255), (counts.get(data.indexOf(255)) ?? 0) + 1)
    }
    expect(counts.size).toBe(25)
    expect(Math.min(...counts.values())).toBeGreaterThan(140)
    expect(Math.max(...counts.values())).toBeLessThan(260)
  })

  it('pads with a colour or the mirrored image', async () => {
    const image: Pixels = { height: 1, width: 4, channels: 1, data: Uint8Array.of(1, 2, 3, 4) }
    const { shift } = await import('./transforms/padded-crop.js')
    expect([...shift(image, 0, 2, { fill: 9 }).data]).toEqual([9, 9, 1, 2])
    expect([...shift(image, 0, 2, { mode: 'reflect' }).data]).toEqual([3, 2, 1, 2])
    expect([...shift(image, 0, -2, { mode: 'reflect' }).data]).toEqual([3, 4, 3, 2])
  })

  it('erases shares of the area from their range', async () => {
    const erasing = transforms.erasing({ probability: 1, scale: [0.1, 0.3], fill: 7 })
    const shares: number[] = []
    for (let i = 0; i < 1500; i++) {
      const { data } = await changed(erasing, flat([0], 40), i)
      shares.push(data.filter((byte) => byte === 7).length / data.length)
    }
    const { mean, least, most } = moments(shares)
    expect(least).toBeGreaterThan(0.09)
    expect(most).toBeLessThan(0.31)
    expect(mean).toBeCloseTo(0.2, 1)
  })

  it('erases with random bytes of every value', async () => {
    const { data } = await changed(
      transforms.erasing({ probability: 1, scale: [0.5, 0.5], ratio: [1, 1] }),
      flat([0, 0, 0], 40),
      1,
    )
    const { mean } = moments([...data].filter((byte) => byte > 0))
    expect(Math.abs(mean - 128)).toBeLessThan(6)
  })

  it('rotates within its angles', async () => {
    const image = flat([0], 41)
    image.data[20 * 41 + 40] = 255
    const rows: number[] = []
    const rotation = transforms.rotation({ degrees: 30, interpolation: 'nearest' })
    for (let i = 0; i < 400; i++) {
      const at = (await changed(rotation, image, i)).data.indexOf(255)
      if (at >= 0) rows.push(Math.floor(at / 41))
    }
    const { least, most } = moments(rows)
    expect(least).toBeGreaterThanOrEqual(10)
    expect(least).toBeLessThan(13)
    expect(most).toBeLessThanOrEqual(30)
    expect(most).toBeGreaterThan(27)
  })

  const ramp: Pixels = {
    height: 20,
    width: 20,
    channels: 3,
    data: Uint8Array.from({ length: 1200 }, (_, i) => 20 + ((i * 7) % 200)),
  }
  const results = async (transform: ImageTransform, count: number) =>
    Promise.all(drawn(count, (i) => i).map(async (i) => `${(await changed(transform, ramp, i)).data}`))

  it.each(['auto-augment', 'rand-augment', 'trivial-augment-wide', 'aug-mix'] as const)(
    '%s makes many images of one',
    async (name) => {
      expect(new Set(await results(transforms[name](), 60)).size).toBeGreaterThan(25)
    },
  )

  it.each([
    ['each operation of rand-augment as often', {}, 1 / 14],
    ['none where operations are left out', { operationProbability: 0.25 }, 3 / 4 + 1 / 4 / 14],
  ])('takes %s', async (_name, options, unchanged) => {
    const found = await results(transforms['rand-augment']({ operations: 1, ...options }), 1500)
    const same = found.filter((data) => data === `${ramp.data}`).length / found.length
    expect(Math.abs(same - unchanged)).toBeLessThan(0.03)
    // Nine of the 14 operations go both ways.
    if (!('operationProbability' in options)) expect(new Set(found).size).toBe(14 + 9)
  })
})
