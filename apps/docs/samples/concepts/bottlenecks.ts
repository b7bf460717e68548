// #region resnet
import { convolve, mapOf, measure } from './measure.js'

const map = mapOf(256)
// { parameters: 589824, … }
export const wide = measure(map, convolve(map, 256, 3))

const down = convolve(map, 64, 1)
const there = convolve(down, 64, 3)
// { parameters: 69632, … }
export const narrow = measure(map, convolve(there, 256, 1))

// #endregion resnet

// #region blocks
import { bottleneck, inception } from '@convkit/blocks'
import type { Scope } from '@convkit/core'
import type { SymbolicTensor } from '@convkit/graph'

/** GoogLeNet's first module and a block of ResNet-50 after it. */
export function narrowAndWide(net: Scope, x: SymbolicTensor): SymbolicTensor {
  const joined = inception(net.scope('inception'), x, {
    branches: {
      branch1: [64],
      branch2: [96, { filters: 128, kernelSize: 3 }], // 1×1 before the 3×3
      branch3: [16, { filters: 32, kernelSize: 5 }], // 1×1 before the 5×5
      branch4: [{ pool: 'max', size: 3, strides: 1, padding: 1 }, 32], // after it
    },
  })
  return bottleneck(net.scope('block'), joined, { filters: 64 })
}
// #endregion blocks
