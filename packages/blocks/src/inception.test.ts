import { averagePool2d, receptiveField } from '@convkit/graph'
import { describe, expect, test } from 'vitest'
import { type Branches, inception } from './inception.js'
import { inceptionResidual } from './inception-residual.js'
import { evaluateLayer, stateShapes, traceLayer } from './testing/trace-layer.js'

const weights = (shapes: Record<string, readonly number[]>) =>
  Object.entries(shapes).filter(([name]) => name.endsWith('conv.weight'))

describe('inception', () => {
  test('has GoogLeNet’s module', () => {
    const branches: Branches = {
      branch1: [64],
      branch2: [96, { filters: 128, kernelSize: 3 }],
      branch3: [16, { filters: 32, kernelSize: 5 }],
      branch4: [{ pool: 'max', size: 3, strides: 1, padding: 1 }, 32],
    }
    const traced = traceLayer((net, x) => inception(net.scope('inception3a'), x, { branches }))
    expect(traced.logits.shape).toEqual([2, 8, 8, 256])
    expect(weights(stateShapes(traced))).toEqual([
      ['inception3a.branch1.conv.weight', [64, 3, 1, 1]],
      ['inception3a.branch2.0.conv.weight', [96, 3, 1, 1]],
      ['inception3a.branch2.1.conv.weight', [128, 96, 3, 3]],
      ['inception3a.branch3.0.conv.weight', [16, 3, 1, 1]],
      ['inception3a.branch3.1.conv.weight', [32, 16, 5, 5]],
      ['inception3a.branch4.1.conv.weight', [32, 3, 1, 1]],
    ])
    expect(receptiveField(traced.image, traced.logits).size).toEqual([5, 5])
  })

  test('halves the map where every branch strides, with a pool alone in one', () => {
    const branches: Branches = {
      conv: [{ filters: 4, kernelSize: 3, strides: 2, padding: 'valid' }],
      pool: [{ pool: 'max', size: 3, strides: 2 }],
    }
    const traced = traceLayer((net, x) => inception(net, x, { branches }))
    expect(traced.logits.shape).toEqual([2, 3, 3, 4 + 3])
    expect(weights(stateShapes(traced))).toEqual([['conv.conv.weight', [4, 3, 3, 3]]])
  })

  test('forks inside of a branch, and takes names', () => {
    const fork = [
      { filters: 2, kernelSize: [1, 3] },
      { filters: 5, kernelSize: [3, 1], name: 'column' },
    ] as const
    const traced = traceLayer((net, x) => inception(net, x, { branches: { wide: [4, fork] } }))
    expect(traced.logits.shape).toEqual([2, 8, 8, 7])
    expect(weights(stateShapes(traced))).toEqual([
      ['wide.0.conv.weight', [4, 3, 1, 1]],
      ['wide.1.0.conv.weight', [2, 4, 1, 3]],
      ['column.conv.weight', [5, 4, 3, 1]],
    ])
  })

  test.each([true, false])('averages with zeros of the border counted: %s', (countPadding) => {
    const options = { size: 3, strides: 1, padding: 1, countPadding }
    const branches: Branches = { pool: [{ pool: 'average', ...options }] }
    const [own, expected] = [
      traceLayer((net, x) => inception(net, x, { branches })),
      traceLayer((_, x) => averagePool2d(x, options)),
    ].map((traced) => evaluateLayer(traced, [traced.logits])[0])
    expect(own).toEqual(expected)
  })

  test('gives all convolutions what they have in common', () => {
    const convolution = { norm: false, activation: 'none' } as const
    const traced = traceLayer((net, x) => inception(net, x, { branches: { a: [2], b: [3] }, convolution }))
    expect(stateShapes(traced)).toEqual({
      'a.conv.weight': [2, 3, 1, 1],
      'a.conv.bias': [2],
      'b.conv.weight': [3, 3, 1, 1],
      'b.conv.bias': [3],
    })
  })

  test('refuses branches that end in different sizes', () => {
    const branches: Branches = { a: [2], b: [{ filters: 2, strides: 2 }] }
    expect(() => traceLayer((net, x) => inception(net, x, { branches }))).toThrow(/concat/)
  })
})

describe('inception-residual', () => {
  const branches: Branches = { branch0: [2], branch1: [2, { filters: 4, kernelSize: 3 }] }

  test('projects the branches to the input’s channels', () => {
    const traced = traceLayer((net, x) => inceptionResidual(net, x, { branches }))
    expect(traced.logits.shape).toEqual([2, 8, 8, 3])
    expect(stateShapes(traced)).toMatchObject({ 'conv2d.weight': [3, 6, 1, 1], 'conv2d.bias': [3] })
  })

  test.each([
    ['relu', 0],
    ['none', -10],
  ] as const)('adds them scaled, activation %s', (activation, first) => {
    const options = { branches, scale: 0.1, activation }
    const traced = traceLayer((net, x) => inceptionResidual(net, x, options), { shape: [1, 1, 1] })
    const state = { 'conv2d.weight': new Array(18).fill(0), 'conv2d.bias': [-100, 100, 0] }
    const [y = []] = evaluateLayer(traced, [traced.logits], state)
    expect(y.map((value) => Math.round(value))).toEqual([first, 47, 74])
  })
})
