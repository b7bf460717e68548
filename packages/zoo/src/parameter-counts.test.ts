import { sizeOf } from '@convkit/graph'
import { expect, test } from 'vitest'
import { parameterCount, traceModel } from './testing/trace-model.js'

// The papers' sizes, to their digits, of networks that neither timm nor torchvision has: Srivastava et al. 2015 (table 1),
// Huang et al. 2017 (table 2), Zagoruyko and Komodakis 2016 (table 4), all for ten classes.
test.each([
  ['highway_19', 2.3, 1],
  ['densenet_bc_100_12', 0.8, 1],
  ['densenet_bc_250_24', 15.3, 1],
  ['densenet_bc_190_40', 25.6, 1],
  ['wrn_16_4', 2.7, 1],
  ['wrn_16_8', 11, 0],
  ['wrn_22_8', 17.2, 1],
  ['wrn_28_10', 36.5, 1],
  ['wrn_40_2', 2.2, 1],
  ['wrn_40_4', 8.9, 1],
])('%s has the paper’s %d million parameters', (name, millions, digits) => {
  const count = parameterCount(traceModel(name, { classes: 10 }))
  expect((count / 1e6).toFixed(digits)).toBe(millions.toFixed(digits))
})

// Keras counts running statistics too.
test.each([
  ['resnet50_v1', 25_636_712],
  ['resnet101_v1', 44_707_176],
  ['resnet152_v1', 60_419_944],
  ['resnet50_v2', 25_613_800],
  ['resnet101_v2', 44_675_560],
  ['resnet152_v2', 60_380_648],
])('%s has as many values as Keras’s network', (name, count) => {
  const sizes = [...traceModel(name).state.values()].map(({ tensor }) => sizeOf(tensor.shape))
  expect(sizes.reduce((sum, size) => sum + size)).toBe(count)
})
