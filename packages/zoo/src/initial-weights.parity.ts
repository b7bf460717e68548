import { expect, test } from 'vitest'
import { initialDifferences, modelsWithInitialWeights } from './testing/initial-weights.js'

const small = new Set([
  ...['mobilenetv2_050', 'mobilenetv3_small_050'],
  ...['lenet5', 'resnet20', 'densenet_bc_100_12'],
])

// From fixtures: needs no Python.
const large = modelsWithInitialWeights.filter((name) => !small.has(name))

test.each(large)('%s starts as its peer in its large tensors', (name) => {
  const { compared, differences } = initialDifferences(name, { least: 300_001 })
  expect(differences).toEqual([])
  expect(compared).toBeGreaterThan(0)
})
