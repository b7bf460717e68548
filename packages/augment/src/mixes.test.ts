import { type Batch, random } from '@convkit/core'
import { describe, expect, it } from 'vitest'
import { betaDeviate } from './mixes/beta.js'
import { cutMix } from './mixes/cut-mix.js'
import { mixUp } from './mixes/mix-up.js'
import { drawsOf } from './shared/draws.js'
import { oneOfMixes } from './shared/one-of.js'
import { drawn, moments } from './test-support/moments.js'

/** Each image of one level: 10, 20, 30, …; the last row may be empty. */
function batchOf(size: number, count = size, side = 6): Batch {
  const images = new Uint8Array(size * side * side * 3)
  for (let row = 0; row < count; row++)
    images.fill(10 * (row + 1), row * side * side * 3, (row + 1) * side * side * 3)
  return {
    images,
    size,
    count,
    height: side,
    width: side,
    channels: 3,
    labels: Int32Array.from({ length: size }, (_, row) => (row < count ? row : -1)),
    indices: Int32Array.from({ length: size }, (_, row) => row),
  }
}

const rowOf = ({ images, size }: Batch, row: number) => {
  const length = images.length / size
  return [...images.subarray(row * length, (row + 1) * length)]
}

describe.each([
  ['mixup', mixUp],
  ['cutmix', cutMix],
])('%s', (_name, mix) => {
  it('mixes images with those in reverse order, and labels as their pixels', () => {
    for (let seed = 0; seed < 200; seed++) {
      const batch = batchOf(5)
      const { labels, shares } = mix().apply(batch, random(seed))
      expect([...labels]).toEqual([4, 3, 2, 1, 0])
      expect(new Set([shares[0], shares[1], shares[3], shares[4]]).size).toBe(1)
      expect(shares[2]).toBe(1)
      expect(rowOf(batch, 2).every((byte) => byte === 30)).toBe(true)
      for (const row of [0, 1, 3, 4]) {
        const share = shares[row] as number
        const expected = share * 10 * (row + 1) + (1 - share) * 10 * (5 - row)
        expect(Math.abs(moments(rowOf(batch, row)).mean - expected)).toBeLessThan(0.51)
      }
    }
  })

  it('leaves rows without an image alone', () => {
    const batch = batchOf(4, 3)
    const { labels, shares } = mix().apply(batch, random(1))
    expect([...labels]).toEqual([2, 1, 0, -1])
    expect(shares[3]).toBe(1)
    expect(rowOf(batch, 3).every((byte) => byte === 0)).toBe(true)
  })

  it('mixes as many batches as asked for', () => {
    const mixed = drawn(400, (seed) =>
      mix({ probability: 0.25 }).apply(batchOf(2), random(seed)).labels[0] === 1 ? 1 : 0,
    )
    expect(Math.abs(moments(mixed).mean - 0.25)).toBeLessThan(0.06)
  })

  it('repeats for the same stream', () => {
    const [first, second] = [batchOf(4), batchOf(4)]
    expect(mix().apply(first, random(3))).toEqual(mix().apply(second, random(3)))
    expect(first.images).toEqual(second.images)
  })

  it('names what is wrong with an option', () => {
    expect(() => mix({ alpha: 0 })).toThrow('alpha of')
  })
})

it('mixes pixels of mixup to the nearest level', () => {
  const batch = batchOf(2)
  const share = mixUp().apply(batch, random(9)).shares[0] as number
  expect(rowOf(batch, 0)[0]).toBe(Math.round(10 * share + 20 * (1 - share)))
  expect(rowOf(batch, 1)[0]).toBe(Math.round(20 * share + 10 * (1 - share)))
})

it('cuts one box out of cutmix’s images', () => {
  const batch = batchOf(2, 2, 12)
  const share = cutMix().apply(batch, random(4)).shares[0] as number
  const foreign = rowOf(batch, 0).flatMap((byte, i) => (byte === 20 && i % 3 === 0 ? [i / 3] : []))
  const [rows, columns] = [
    new Set(foreign.map((i) => Math.floor(i / 12))),
    new Set(foreign.map((i) => i % 12)),
  ]
  expect(foreign.length).toBe(rows.size * columns.size)
  expect(share).toBeCloseTo(1 - foreign.length / 144, 6)
})

it.each([0.2, 1, 4])('draws shares from Beta(%d, %d)', (alpha) => {
  const { mean, deviation, least, most } = moments(
    drawn(5000, (i) => betaDeviate(alpha, drawsOf(random(6, i)))),
  )
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.02)
  expect(Math.abs(deviation - Math.sqrt(1 / (4 * (2 * alpha + 1))))).toBeLessThan(0.01)
  expect(least).toBeGreaterThanOrEqual(0)
  expect(most).toBeLessThanOrEqual(1)
})

it('takes turns', () => {
  const mix = oneOfMixes([mixUp(), cutMix()])
  const blended = drawn(400, (seed) => {
    const batch = batchOf(2)
    mix.apply(batch, random(seed))
    return rowOf(batch, 0).every((byte) => byte === 10 || byte === 20) ? 0 : 1
  })
  expect(Math.abs(moments(blended).mean - 0.5)).toBeLessThan(0.1)
  expect(() => oneOfMixes([])).toThrow('one-of needs at least one part')
})
