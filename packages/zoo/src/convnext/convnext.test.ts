import { convnextBlock } from '@convkit/blocks'
import { createRegistry, definePlugin } from '@convkit/core'
import { checkArchitecture } from '@convkit/core/testing'
import { describe, expect, test } from 'vitest'
import zoo from '../index.js'
import { parameterCount, traceModel } from '../testing/trace-model.js'

describe('convnext', () => {
  test.each([
    ['convnext_atto', 3_695_520],
    ['convnext_tiny', 28_589_128],
    ['convnext_base', 88_591_464],
  ])('%s has %i parameters', (name, parameters) => {
    expect(parameterCount(traceModel(name))).toBe(parameters)
  })

  test.each([true, false])('holds what every architecture must hold (convMlp %s)', (convMlp) => {
    const config = { layers: [1, 2], filters: [8, 12], kernelSize: 3, convMlp }
    checkArchitecture({ model: 'convnext_atto', registry: createRegistry(zoo), inputSize: [16, 16], config })
  })

  test('takes grey images of any size and gives features without classes', () => {
    const preprocessing = { inputSize: [97, 70], channels: 1 } as const
    const { logits, features, state } = traceModel('convnext_tiny', { classes: 0, preprocessing })
    expect([...features.values()].map(({ shape }) => shape)).toEqual([
      [1, 24, 17, 96],
      [1, 12, 8, 192],
      [1, 6, 4, 384],
      [1, 3, 2, 768],
    ])
    expect(logits.shape).toEqual([1, 768])
    expect([...state.keys()].at(-1)).toBe('head.norm.bias')
  })

  test('raises stochastic depth linearly over the blocks, in training only', () => {
    const config = { layers: [2, 2], filters: [8, 16], dropPathRate: 0.3, dropRate: 0.5 }
    const { masks } = traceModel('convnext_atto', { config, mode: 'train', batchSize: 2 })
    const fills = [...masks].map(([name, { node }]) => {
      const fill = node.op === 'input' ? node.attributes.fill : undefined
      return [name, fill && Math.round(100 * (1 - fill.keep))]
    })
    expect(fills).toEqual([
      ['stages.0.blocks.1.drop_path.mask', 10],
      ['stages.1.blocks.0.drop_path.mask', 20],
      ['stages.1.blocks.1.drop_path.mask', 30],
      ['head.drop.mask', 50],
    ])
    expect(traceModel('convnext_atto', { config }).masks.size).toBe(0)
  })

  test('takes the block of another plugin', () => {
    const plugins = [
      definePlugin({
        name: 'others',
        blocks: { wider: (net, x, options) => convnextBlock(net, x, { ...options, expansion: 6 }) },
      }),
    ]
    const { state } = traceModel('convnext_atto', { plugins, config: { block: 'wider' } })
    expect(state.get('stages.0.blocks.0.mlp.fc1.weight')?.tensor.shape).toEqual([240, 40, 1, 1])
  })
})
