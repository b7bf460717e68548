import { input } from '@convkit/graph'
import { evaluate } from '@convkit/graph/reference'
import { expect, test } from 'vitest'
import { adaptiveAveragePool } from './adaptive-average-pool.js'

const pool = (shape: [number, number, number, number], values: number[], size: [number, number]) => {
  const y = adaptiveAveragePool(input('x', shape), size)
  expect(y.shape).toEqual([shape[0], ...size, shape[3]])
  return [...(evaluate([y], { inputs: { x: values } })[0] ?? [])]
}

test('averages overlapping windows when the size does not divide', () => {
  // torch.nn.functional.adaptive_avg_pool2d of 1 … 5 to 3: windows 0–1, 1–3, 3–4
  expect(pool([1, 1, 5, 1], [1, 2, 3, 4, 5], [1, 3])).toEqual([1.5, 3, 4.5].map((x) => expect.closeTo(x, 6)))
})

test('repeats values when an axis grows', () => {
  const values = pool([1, 1, 2, 2], [1, 10, 2, 20], [2, 4])
  const row = [1, 10, 1, 10, 2, 20, 2, 20]
  expect(values).toEqual([...row, ...row])
})

test('keeps what has the size', () => {
  const x = input('x', [1, 7, 7, 3])
  expect(adaptiveAveragePool(x, [7, 7])).toBe(x)
})
