import { invertedResidual, type MobileBlockOptions } from '@convkit/blocks'
import { createRegistry, definePlugin, type Scope } from '@convkit/core'
import { checkArchitecture } from '@convkit/core/testing'
import type { SymbolicTensor } from '@convkit/graph'
import { describe, expect, test } from 'vitest'
import zoo from '../index.js'
import { parameterCount, traceModel } from '../testing/trace-model.js'

describe('mobilenet', () => {
  test.each([
    ['mobilenetv1_100', 4_231_976],
    ['mobilenetv2_035', 1_677_128],
    ['mobilenetv2_100', 3_504_872],
    ['mobilenetv2_120d', 5_831_144],
    ['mobilenetv3_large_100', 5_483_032],
    ['mobilenetv3_small_100', 2_542_856],
  ])('%s has %i parameters', (name, parameters) => {
    expect(parameterCount(traceModel(name))).toBe(parameters)
  })

  test.each([
    ['mobilenetv1_100', [[{ filters: 16, strides: 2 }]]],
    ['mobilenetv2_100', [[{ filters: 8 }], [{ layers: 2, filters: 16, strides: 2, expansion: 2 }]]],
    [
      'mobilenetv3_small_100',
      [[{ filters: 16, strides: 2, expansion: 2, squeezeExcite: { ratio: 0.25, of: 'depthwise' } }]],
    ],
  ])('%s holds what every architecture must hold', (model, stages) => {
    const config = { stages, stemFilters: 8, headFilters: 16 }
    checkArchitecture({ model, registry: createRegistry(zoo), inputSize: [16, 16], config })
  })

  test.each([
    ['mobilenetv1_100', 1024],
    ['mobilenetv2_050', 1280],
    ['mobilenetv3_small_050', 1024],
  ])('%s takes grey images of any size and gives features without classes', (name, features) => {
    const preprocessing = { inputSize: [97, 65], channels: 1 } as const
    const traced = traceModel(name, { classes: 0, batchSize: 2, preprocessing })
    expect(traced.state.get('conv_stem.weight')?.tensor.shape[1]).toBe(1)
    expect(traced.logits.shape).toEqual([2, features])
    expect(traced.state.has('classifier.weight')).toBe(false)
  })

  test('pads as TensorFlow does in tf_ variants', () => {
    const paddings = ['mobilenetv3_small_100', 'tf_mobilenetv3_small_100'].map((name) => {
      const { node } = traceModel(name).features.get('bn1')?.node.inputs[0]?.node.inputs[0] ?? {}
      return node?.op === 'conv2d' && node.attributes.padding
    })
    expect(paddings).toEqual([
      [1, 1, 1, 1],
      [0, 1, 0, 1],
    ])
  })

  test('drops paths and features in training only', () => {
    const config = { dropPathRate: 0.2, dropRate: 0.3 }
    const { masks } = traceModel('mobilenetv2_100', { config, mode: 'train', batchSize: 2 })
    expect(masks.size).toBe(10 + 1)
    expect(masks.get('drop.mask')?.shape).toEqual([2, 1280])
    expect(traceModel('mobilenetv2_100', { config }).masks.size).toBe(0)
  })

  test('takes the block of another plugin', () => {
    const block = (net: Scope, x: SymbolicTensor, options: MobileBlockOptions) =>
      invertedResidual(net, x, { ...options, squeezeExcite: { ratio: 0.5 } })
    const plugins = [definePlugin({ name: 'others', blocks: { 'squeezed-residual': block } })]
    const { state } = traceModel('mobilenetv2_100', { plugins, config: { block: 'squeezed-residual' } })
    expect(state.get('blocks.1.0.se.conv_reduce.weight')?.tensor.shape).toEqual([8, 96, 1, 1])
    expect(state.has('blocks.0.0.conv_dw.weight')).toBe(true)
  })
})
