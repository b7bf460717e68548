import { random } from '@convkit/core'
import { expect, test } from 'vitest'
import { initialDifferences, modelsWithInitialWeights } from './testing/initial-weights.js'
import { traceModel } from './testing/trace-model.js'

// Larger tensors are in initial-weights.parity.ts.
const most = 300_000

test.each(modelsWithInitialWeights)('%s starts as its peer', (name) => {
  const { compared, differences } = initialDifferences(name, { most })
  expect(differences).toEqual([])
  expect(compared).toBeGreaterThan(5)
})

test('running statistics start at mean 0 and variance 1', () => {
  for (const [key, { kind, tensor, initializer }] of traceModel('resnet18').state) {
    if (kind !== 'statistic') continue
    const value = key.endsWith('running_var') ? 1 : 0
    expect(initializer(tensor.shape, random(0)).every((x) => x === value)).toBe(true)
  }
})
