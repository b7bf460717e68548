import { expect, it } from 'vitest'
import { meanAveragePrecision } from './mean-average-precision.js'

// By the definition of scikit-learn's average_precision_score: hits at ranks 1 and 3, 2 and 1… of each class; all are one
// threshold where scores are equal.
const scores = [
  [0.9, 0.8, 0.1, 0],
  [0.8, 0.9, 0.2, 0],
  [0.7, 0.1, 0.9, 0],
  [0.1, 0.2, 0.8, 0],
]
const targets = [
  [1, 0, 0, 1],
  [0, 1, 0, 0],
  [1, 1, 1, 0],
  [0, 0, 1, 1],
]
const expected = (5 / 6 + 3 / 4 + 1 + 1 / 2) / 4

const fed = (classes = 4) => {
  const accumulator = meanAveragePrecision().create()
  const flat = (rows: readonly (readonly number[])[]) =>
    Float32Array.from([
      ...rows.flatMap((row) => row.slice(0, classes)),
      ...new Array<number>(classes).fill(9),
    ])
  // Two batches; the last row of each only fills up
  for (const [from, to] of [
    [0, 3],
    [3, 4],
  ] as const) {
    const part = to - from
    accumulator.update(
      flat(scores.slice(from, to)),
      new Int32Array(part + 1),
      part,
      classes,
      flat(targets.slice(from, to)),
    )
  }
  return accumulator
}

it('is the mean of the classes’ average precisions', () => {
  expect(meanAveragePrecision().create().result()).toBeNaN()
  expect(fed().result()).toBeCloseTo(expected, 12)
})

it('goes on from a snapshot', () => {
  const resumed = meanAveragePrecision().create()
  resumed.load(JSON.parse(JSON.stringify(fed().save())))
  expect(resumed.result()).toBeCloseTo(expected, 12)
  expect(() => resumed.load([1])).toThrow('must have logits and targets of each image, got [1]')
})

it('leaves classes out that no image shows, and needs targets', () => {
  const accumulator = meanAveragePrecision().create()
  accumulator.update(Float32Array.of(1, 2, 0, 3), Int32Array.of(0, 0), 2, 2, Float32Array.of(1, 0, 0, 0))
  expect(accumulator.result()).toBe(1)
  expect(() => accumulator.update(new Float32Array(2), Int32Array.of(0), 1, 2)).toThrow(
    'the batch has no targets',
  )
})
