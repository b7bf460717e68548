import { input } from '@convkit/graph'
import { describe, expect, it } from 'vitest'
import { maskFeeds } from './masks.js'

const masks = new Map(
  ['a', 'b'].map((name) => [
    name,
    input(name, [100, 100], 'float32', { distribution: 'bernoulli', keep: 0.8 }),
  ]),
)
const values = (seed: number, run: number) => maskFeeds(masks, seed, run)

describe('maskFeeds', () => {
  it('keeps the share asked for, scaled so that the mean is 1', () => {
    const { data } = values(1, 0).a!
    expect([...new Set(data)].sort()).toEqual([0, Math.fround(1 / 0.8)])
    const kept = Array.from(data).filter((value) => value > 0).length
    // 5 standard deviations of 10,000 draws
    expect(Math.abs(kept - 8000)).toBeLessThan(200)
  })

  it('repeats by seed, name and run, and differs by each of them', () => {
    expect(values(1, 5)).toEqual(values(1, 5))
    const { a, b } = values(1, 5)
    for (const other of [b!, values(1, 6).a!, values(2, 5).a!]) expect(other.data).not.toEqual(a!.data)
  })
})
