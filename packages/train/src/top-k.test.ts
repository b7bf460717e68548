import { describe, expect, it } from 'vitest'
import { topK } from './top-k.js'

const logits = Float32Array.of(0.1, 0.7, 0.2, 3, 2, 1, 5, 5, 5, 0, 0, 1)
const labels = Int32Array.of(1, 2, 0, 0)

function result(k: number, count = 4) {
  const accumulator = topK(k).create()
  accumulator.update(logits, labels, count, 3)
  return accumulator.result()
}

describe('topK', () => {
  it('counts labels among the k most probable, equal ones by class', () => {
    expect(result(1)).toBe(2 / 4)
    expect(result(2)).toBe(3 / 4)
  })

  it('is 1 with k classes or fewer', () => {
    expect(result(3)).toBe(1)
    expect(result(5)).toBe(1)
  })

  it('looks at the first rows only', () => {
    expect(result(1, 2)).toBe(1 / 2)
  })

  it('is NaN before the first update, and adds up', () => {
    const accumulator = topK(1).create()
    expect(accumulator.result()).toBeNaN()
    accumulator.update(logits, labels, 1, 3)
    accumulator.update(logits, labels, 2, 3)
    expect(accumulator.result()).toBe(2 / 3)
  })

  it('does not count a NaN as right', () => {
    const accumulator = topK(1).create()
    accumulator.update(Float32Array.of(Number.NaN, 1, 2, Number.NaN), Int32Array.of(0, 0), 2, 2)
    expect(accumulator.result()).toBe(0)
  })

  it('goes on from what it saved', () => {
    const first = topK(1).create()
    first.update(logits, labels, 3, 3)
    const second = topK(1).create()
    second.load(JSON.parse(JSON.stringify(first.save())))
    expect(second.result()).toBe(2 / 3)
    expect(() => second.load({ correct: 'many' })).toThrow('top1: the snapshot')
  })

  it('needs a whole k', () => {
    expect(() => topK(0)).toThrow('k must be a whole number of at least 1, got 0')
  })
})
