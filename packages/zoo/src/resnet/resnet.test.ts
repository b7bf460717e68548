import { bottleneck, type ResidualBlockOptions } from '@convkit/blocks'
import { createModel, createRegistry, definePlugin, type Scope } from '@convkit/core'
import { checkArchitecture, referenceProvider } from '@convkit/core/testing'
import type { SymbolicTensor } from '@convkit/graph'
import { describe, expect, test } from 'vitest'
import zoo from '../index.js'
import { parameterCount, traceModel } from '../testing/trace-model.js'

describe('resnet', () => {
  test('holds what every architecture must hold', () => {
    checkArchitecture({
      model: 'resnet50',
      registry: createRegistry(zoo),
      inputSize: [16, 16],
      config: { layers: [1] },
    })
  })

  test('takes any input size and grey images', () => {
    const traced = traceModel('resnet18', {
      preprocessing: { inputSize: [97, 65], channels: 1, mean: [0.5], std: [0.5] },
    })
    expect(traced.state.get('conv1.weight')?.tensor.shape).toEqual([64, 1, 7, 7])
    expect([...traced.features.values()].map(({ shape }) => shape)).toEqual([
      [1, 49, 33, 64],
      [1, 25, 17, 64],
      [1, 13, 9, 128],
      [1, 7, 5, 256],
      [1, 4, 3, 512],
    ])
  })

  test('ends in pooled features without classes', () => {
    const traced = traceModel('resnet50', { classes: 0 })
    expect(traced.logits.shape).toEqual([1, 2048])
    expect(traced.state.has('fc.weight')).toBe(false)
  })

  test.each([
    ['resnext50_32x4d', { cardinality: 32, baseWidth: 4 }, 25_028_904],
    ['wide_resnet50_2', { baseWidth: 128 }, 68_883_240],
    ['seresnet50', { attention: 'squeeze-excite' }, 28_088_024],
  ])('is %s by configuration', (_, config, parameters) => {
    expect(parameterCount(traceModel('resnet50', { config }))).toBe(parameters)
  })

  test('raises stochastic depth linearly over the blocks, in training only', () => {
    const config = { dropPathRate: 0.7, dropRate: 0.5 }
    const { masks } = traceModel('resnet18', { config, mode: 'train', batchSize: 2 })
    const fills = [...masks].map(([name, { shape, node }]) => {
      const fill = node.op === 'input' ? node.attributes.fill : undefined
      return [name, shape, fill && Math.round(100 * (1 - fill.keep))]
    })
    const blocks = [1, 2, 3, 4].flatMap((stage) => [`layer${stage}.0`, `layer${stage}.1`])
    const depth = blocks.map((block, i) => [`${block}.drop_path.mask`, [2, 1, 1, 1], 10 * i]).slice(1)
    expect(fills).toEqual([...depth, ['drop.mask', [2, 512], 50]])
    expect(traceModel('resnet18', { config }).masks.size).toBe(0)
  })

  test('does not move the statistics of a frozen stage', () => {
    const { updates } = traceModel('resnet18', {
      mode: 'train',
      batchSize: 2,
      isFrozen: (path) => !/^(layer4|fc)/.test(path),
    })
    expect(updates.size).toBe(2 * 5)
    expect([...updates.keys()].every((name) => name.startsWith('layer4.'))).toBe(true)
  })

  test('takes the block of another plugin', async () => {
    const block = (net: Scope, x: SymbolicTensor, options: ResidualBlockOptions) =>
      bottleneck(net, x, { ...options, attention: 'squeeze-excite' })
    const others = definePlugin({
      name: 'others',
      blocks: { 'se-bottleneck': block },
      engines: [referenceProvider],
    })
    const model = await createModel('resnet50', {
      config: { block: 'se-bottleneck', layers: [1, 1] },
      classes: 2,
      registry: createRegistry(zoo, others),
    })
    expect(model.weights.get('layer2.0.se.fc1.weight')?.shape).toEqual([32, 512, 1, 1])
  })

  test('names the nearest blocks when one is not registered', () => {
    expect(() => traceModel('resnet18', { config: { block: 'botleneck' } })).toThrow(
      /'botleneck'.*bottleneck/,
    )
  })

  test('says which block has groups', () => {
    expect(() => traceModel('resnet18', { config: { cardinality: 32 } })).toThrow(
      /layer1\.0.*cardinality 32.*'bottleneck'/,
    )
  })
})
