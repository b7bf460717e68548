import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arrayDataset } from '../formats/array-dataset.js'
import { splitDataset, stratifiedFolds, stratifiedSplit } from './split.js'

const labelled = fc.array(fc.nat(40), { minLength: 1, maxLength: 6 }).chain((counts) =>
  fc
    .shuffledSubarray(
      counts.flatMap((count, label) => new Array<number>(count).fill(label)),
      { minLength: counts.reduce((a, b) => a + b, 0) },
    )
    .map((labels) => ({ labels, classes: counts.map((_, label) => `class ${label}`) })),
)
const fraction = fc.double({ min: 0.01, max: 0.99, noNaN: true })

test('the parts are disjoint, complete, ascending, stratified and repeatable', () => {
  fc.assert(
    fc.property(labelled, fraction, fc.nat(), ({ labels, classes }, share, seed) => {
      const { train, validation } = stratifiedSplit(labels, classes, share, seed)
      expect([...train, ...validation].sort((a, b) => a - b)).toEqual(labels.map((_, i) => i))
      for (const part of [train, validation]) expect(part).toEqual([...part].sort((a, b) => a - b))
      classes.forEach((_, label) => {
        const total = labels.filter((l) => l === label).length
        const held = validation.filter((i) => labels[i] === label).length
        if (total > 1) {
          expect(Math.abs(held - total * share)).toBeLessThanOrEqual(1)
          expect(held).toBeGreaterThan(0)
        } else expect(held).toBe(0)
        if (total > 0) expect(held).toBeLessThan(total)
      })
      expect(stratifiedSplit(labels, classes, share, seed)).toEqual({ train, validation })
    }),
  )
})

test('another seed draws other images, and a further class changes nothing for the others', () => {
  const labels = Array.from({ length: 60 }, (_, i) => i % 2)
  const { validation } = stratifiedSplit(labels, ['a', 'b'], 0.5, 1)
  expect(stratifiedSplit(labels, ['a', 'b'], 0.5, 2).validation).not.toEqual(validation)
  const more = stratifiedSplit([...labels, 2, 2, 2, 2], ['a', 'b', 'c'], 0.5, 1).validation
  expect(more.filter((i) => i < 60)).toEqual(validation)
})

test.each([0, 1, -0.5, 20, Number.NaN])('a fraction of %d is an error', (share) => {
  expect(() => stratifiedSplit([0, 1], ['a', 'b'], share, 0)).toThrow(`must be between 0 and 1: ${share}`)
})

test('datasets are split by their labels', () => {
  const pixel = (level: number) =>
    ({ height: 1, width: 1, channels: 1, data: new Uint8Array([level]) }) as const
  const labels = [0, 1, 0, 1, 0, 1, 0, 1]
  const dataset = arrayDataset({ images: labels.map(pixel), labels, classes: ['a', 'b'] })
  const { train, validation } = splitDataset(dataset, 0.25, 3)
  expect(Array.from(train.labels).sort()).toEqual([0, 0, 0, 1, 1, 1])
  expect(Array.from(validation.labels).sort()).toEqual([0, 1])
})

describe('folds', () => {
  const labels = Array.from({ length: 23 }, (_, i) => (i < 15 ? 0 : 1))

  test('hold every image once, and of each class and in all nearly as many', () => {
    const folds = stratifiedFolds(labels, ['a', 'b'], 4, 1)
    expect(folds.flatMap(({ validation }) => validation).sort((a, b) => a - b)).toEqual([...labels.keys()])
    for (const { train, validation } of folds) {
      expect([...train, ...validation].sort((a, b) => a - b)).toEqual([...labels.keys()])
      expect([5, 6]).toContain(validation.length)
      expect([3, 4]).toContain(validation.filter((i) => labels[i] === 0).length)
    }
  })

  test('follow from the seed', () => {
    const fold = (seed: number) => stratifiedFolds(labels, ['a', 'b'], 4, seed)
    expect(fold(1)).toEqual(fold(1))
    expect(fold(1)).not.toEqual(fold(2))
  })

  test.each([1, 2.5, 24])('not of %s', (count) => {
    expect(() => stratifiedFolds(labels, ['a', 'b'], count, 1)).toThrow(`from 2 to 23, got ${count}`)
  })
})
