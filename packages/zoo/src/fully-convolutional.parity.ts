import { createRegistry, type ModelName } from '@convkit/core'
import onnx from '@convkit/engine-onnx'
import { expect, test } from 'vitest'
import zoo from './index.js'
import { slideOver } from './testing/slide-over.js'

const registry = createRegistry(zoo, onnx)

// Needs no Python: the dense network is the peer.
test.each<ModelName>(['alexnet', 'alexnet_paper', 'vgg11', 'vgg11_bn'])(
  '%s with its wide layers as convolutions',
  async (name) => {
    const sliding = await slideOver(name, name === 'alexnet_paper' ? 227 : 224, registry)
    expect(sliding.ofDense).toBeLessThan(1e-4)
    expect(sliding.map).toEqual([3, 2])
    expect(sliding.ofMean).toBeLessThan(1e-4)
    expect(sliding.ofEnds).toBeGreaterThan(1e-3)
  },
)
