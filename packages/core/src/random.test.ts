import { describe, expect, it } from 'vitest'
import { philox4x32, random } from './random.js'

describe('philox4x32', () => {
  // Known-answer vectors published with Random123 (Salmon et al. 2011), ten rounds
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as const)('counter %j, key %j gives %j', (counter, key, expected) => {
    expect(philox4x32(counter, key)).toEqual(expected)
  })
})

describe('random', () => {
  it('depends on seed, names and position only', () => {
    const forward = Array.from({ length: 20 }, (_, i) => random(1, 'a').uint32(i))
    const stream = random(1, 'a')
    expect(Array.from({ length: 20 }, (_, i) => stream.uint32(19 - i)).reverse()).toEqual(forward)
    expect(random(2, 'a').uint32(0)).not.toBe(forward[0])
    expect(random(1, 'b').uint32(0)).not.toBe(forward[0])
  })

  it('draws the same deviates in any order', () => {
    const forward = Array.from({ length: 9 }, (_, i) => random(1, 'a').normal(i))
    const stream = random(1, 'a')
    const order = [7, 8, 0, 3, 2, 1, 6, 5, 4]
    expect(order.map((i) => stream.normal(i))).toEqual(order.map((i) => forward[i]))
    expect(forward[0]).toBeCloseTo(-1.941388057807151, 12)
    expect(forward[1]).toBeCloseTo(0.7743369583602582, 12)
  })

  it('tells a number from a text, and a path from a joined name', () => {
    const first = (...names: (string | number)[]) => random(1, ...names).uint32(0)
    expect(new Set([first(1), first('1'), first('a', 'b'), first('a/b')]).size).toBe(4)
  })

  it('draws uniform and normal numbers with the right moments', () => {
    const stream = random(3, 'moments')
    const moments = (values: number[]) => {
      const mean = values.reduce((a, b) => a + b, 0) / values.length
      return { mean, variance: values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length }
    }
    const n = 100_000
    const uniform = moments(Array.from({ length: n }, (_, i) => stream.uniform(i)))
    expect(uniform.mean).toBeCloseTo(0.5, 2)
    expect(uniform.variance).toBeCloseTo(1 / 12, 2)
    const normal = moments(Array.from({ length: n }, (_, i) => stream.normal(i)))
    expect(normal.mean).toBeCloseTo(0, 1)
    expect(normal.variance).toBeCloseTo(1, 1)
  })

  it('permutes every number once, differently by stream', () => {
    const order = random(1, 'shuffle', 0).permutation(1000)
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i))
    expect(order).toEqual(random(1, 'shuffle', 0).permutation(1000))
    expect(order).not.toEqual(random(1, 'shuffle', 1).permutation(1000))
  })
})
