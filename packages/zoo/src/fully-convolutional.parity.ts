import type { ModelName } from '@convkit/core'
import { expect, test } from 'vitest'
import { slideOver } from './testing/slide-over.js'

// Needs no Python: the dense network is the peer.
test.each<ModelName>(['alexnet', 'alexnet_paper', 'vgg11', 'vgg11_bn'])(
  '%s with its wide layers as convolutions',
  async (name) => {
    const sliding = await slideOver(name, name === 'alexnet_paper' ? 227 : 224)
    expect(sliding.ofDense).toBeLessThan(1e-4)
    expect(sliding.map).toEqual([3, 2])
    expect(sliding.ofMean).toBeLessThan(1e-4)
    expect(sliding.ofEnds).toBeGreaterThan(1e-3)
  },
)
