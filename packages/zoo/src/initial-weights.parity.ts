import { expect, test } from 'vitest'
import { initialDifferences, modelsWithInitialWeights } from './testing/initial-weights.js'

// From fixtures: needs no Python. LeNet has no tensor as large.
const large = modelsWithInitialWeights.filter((name) => !name.startsWith('lenet'))

test.each(large)('%s starts as its peer in its large tensors', (name) => {
  const { compared, differences } = initialDifferences(name, { least: 300_001 })
  expect(differences).toEqual([])
  expect(compared).toBeGreaterThan(0)
})
