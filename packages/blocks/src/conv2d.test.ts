import { describe, expect, test } from 'vitest'
import { conv2d } from './conv2d.js'
import { stateShapes, traceLayer } from './testing/trace-layer.js'

describe('conv2d', () => {
  test('keeps height and width for an odd kernel, and halves them for a stride of 2', () => {
    for (const kernelSize of [1, 3, 5, 7]) {
      const same = traceLayer((net, x) => conv2d(net, x, { filters: 4, kernelSize }))
      expect(same.logits.shape).toEqual([2, 8, 8, 4])
      const half = traceLayer((net, x) => conv2d(net, x, { filters: 4, kernelSize, strides: 2 }))
      expect(half.logits.shape).toEqual([2, 4, 4, 4])
    }
  })

  test('pads a dilated kernel so that height and width stay', () => {
    const traced = traceLayer((net, x) =>
      conv2d(net, x, { filters: 4, kernelSize: [3, 1], dilations: [2, 1] }),
    )
    expect(traced.logits.shape).toEqual([2, 8, 8, 4])
  })

  test('names its parameters as PyTorch does', () => {
    const traced = traceLayer((net, x) =>
      conv2d(net.scope('conv'), x, { filters: 6, kernelSize: 3, groups: 3, bias: true }),
    )
    expect(stateShapes(traced)).toEqual({ 'conv.weight': [6, 1, 3, 3], 'conv.bias': [6] })
  })

  test('says that groups do not divide the channels', () => {
    expect(() => traceLayer((net, x) => conv2d(net, x, { filters: 4, kernelSize: 3, groups: 2 }))).toThrow(
      /2 groups do not divide 3 input and 4 output channels/,
    )
  })
})
