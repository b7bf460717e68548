import { expect, test } from 'vitest'
import { type Activation, activationNames } from './activation.js'
import { evaluateLayer, stateShapes, traceLayer } from './testing/trace-layer.js'

test('a network can be data: names of blocks and their options', () => {
  const layers = [
    ['conv-norm-act', { filters: 4, kernelSize: 3, strides: 2, activation: 'silu' }],
    ['max-pool', { size: 2 }],
    ['conv2d', { filters: 6, kernelSize: 1 }],
    ['batch-norm', {}],
    ['activation', { name: 'hard-swish' }],
    ['squeeze-excite', {}],
    ['basic', { filters: 6 }],
    ['bottleneck', { filters: 2 }],
    ['average-pool', { size: 2 }],
    ['dropout', { rate: 0.1 }],
    ['drop-path', { rate: 0.1 }],
    ['flatten', {}],
    ['dense', { units: 7 }],
    ['classifier', {}],
  ] as const
  const traced = traceLayer(
    (net, image) =>
      layers.reduce((x, [name, options], i) => net.block(name)(net.scope(i), x, options), image),
    { mode: 'train' },
  )
  expect(traced.logits.shape).toEqual([2, 5])
  expect(stateShapes(traced)).toMatchObject({
    '0.conv.weight': [4, 3, 3, 3],
    '0.bn.running_var': [4],
    '12.weight': [7, 8],
    '13.fc.weight': [5, 7],
  })
})

test.each(activationNames)('%s is an activation', (name: Activation) => {
  const traced = traceLayer((net, x) => net.block('activation')(net, x, { name }), { shape: [1, 1, 1] })
  const [y = []] = evaluateLayer(traced, [traced.logits])
  expect(y.map((value) => Math.round(value * 100) / 100)).toEqual(
    {
      relu: [0, 37, 74],
      relu6: [0, 6, 6],
      gelu: [0, 37, 74],
      silu: [0, 37, 74],
      tanh: [0, 1, 1],
      sigmoid: [0.5, 1, 1],
      'hard-swish': [0, 37, 74],
      'hard-sigmoid': [0.5, 1, 1],
      none: [0, 37, 74],
    }[name],
  )
})
