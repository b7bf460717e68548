import { expect, test } from 'vitest'
import { calibration } from './calibration.js'
import { confusedPairs } from './confused-pairs.js'

const answer = (probability: number, isCorrect: boolean) => ({ probability, isCorrect })

test('the expected calibration error is the mean distance, by images', () => {
  const { bins, error } = calibration(
    [answer(0.9, true), answer(0.8, false), answer(0.95, true), answer(0.5, true)],
    2,
  )
  expect(bins.map(({ images }) => images)).toEqual([1, 3])
  expect(bins[1]).toMatchObject({ from: 0.5, to: 1, accuracy: 2 / 3 })
  expect(bins[1]?.confidence).toBeCloseTo(2.65 / 3, 12)
  expect(error).toBeCloseTo((1 * 0.5 + 3 * (2.65 / 3 - 2 / 3)) / 4, 12)
})

test('probabilities of 0 and 1 are in the first and the last bin; without images there is no error', () => {
  expect(calibration([answer(0, false), answer(1, true)], 3).bins.map(({ images }) => images)).toEqual([
    1, 0, 1,
  ])
  expect(calibration([]).error).toBeNaN()
  expect(calibration([answer(1, true)]).error).toBe(0)
})

test('pairs are ordered by images, then by their share of the class', () => {
  const confusion = [
    [5, 2, 0],
    [2, 1, 0],
    [0, 4, 6],
  ]
  expect(confusedPairs({ confusion, classes: ['a', 'b', 'c'] }, 9)).toEqual([
    { label: 'c', predicted: 'b', images: 4, share: 0.4 },
    { label: 'b', predicted: 'a', images: 2, share: 2 / 3 },
    { label: 'a', predicted: 'b', images: 2, share: 2 / 7 },
  ])
})
