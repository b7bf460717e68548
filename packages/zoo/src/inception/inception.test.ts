import { createRegistry, type ModelName, type Trace } from '@convkit/core'
import { checkArchitecture } from '@convkit/core/testing'
import { type AnyNode, receptiveField, topologicalOrder } from '@convkit/graph'
import { describe, expect, test } from 'vitest'
import zoo from '../index.js'
import { parameterCount, traceModel } from '../testing/trace-model.js'
import { numbered, same } from './steps.js'

const names: ModelName[] = ['inception_v3', 'inception_v4', 'inception_resnet_v2']
const attributes = <Op extends AnyNode['op']>({ logits }: Trace, op: Op) =>
  topologicalOrder([logits]).flatMap((node) => (node.op === op ? [node.attributes] : []))

describe('the inception family', () => {
  test.each([
    ['inception_v3', 23_834_568, 27_161_264],
    ['inception_v4', 42_679_816, 42_679_816],
    ['inception_resnet_v2', 55_843_464, 55_843_464],
  ])('%s has %i parameters, in training %i', (name, parameters, all) => {
    expect(parameterCount(traceModel(name))).toBe(parameters)
    expect(parameterCount(traceModel(name, { mode: 'train', batchSize: 2 }))).toBe(all)
  })

  test('inception_v3 sees 1311 pixels, every 32', () => {
    const { image, features } = traceModel('inception_v3')
    const last = features.get('Mixed_7c')
    expect(last && receptiveField(image, last)).toEqual({ size: [1311, 1311], stride: [32, 32] })
  })

  test('inception_v3 leaves the zeros around a map out of its averages, if asked', () => {
    const pools = attributes(traceModel('inception_v3', { config: { countPadding: false } }), 'averagePool2d')
    expect(pools).toHaveLength(9)
    for (const pool of pools) expect(pool).toMatchObject({ countPadding: false })
  })

  test.each([
    ['inception_v3', true],
    ['inception_v4', false],
    ['inception_resnet_v2', false],
  ])('%s averages with zeros of the border counted: %s', (name, countPadding) => {
    const pools = attributes(traceModel(name), 'averagePool2d')
    expect(pools.length).toBeGreaterThan(0)
    expect(new Set(pools.map((pool) => JSON.stringify(pool)))).toEqual(
      new Set([
        JSON.stringify({
          size: [3, 3],
          strides: [1, 1],
          padding: [1, 1, 1, 1],
          ceilMode: false,
          countPadding,
        }),
      ]),
    )
  })

  test.each(names)('%s has batch-norms of epsilon 0.001', (name) => {
    const epsilons = attributes(traceModel(name), 'batchNormInfer').map((norm) => JSON.stringify(norm))
    expect(new Set(epsilons)).toEqual(new Set(['{"epsilon":0.001}']))
  })

  test.each([
    [75, 3],
    [224, 12],
    [299, 17],
  ])('inception_v3 has its auxiliary head at %i pixels, on a map of %i', (side, map) => {
    const preprocessing = { inputSize: [side, side] } as const
    const traced = traceModel('inception_v3', { mode: 'train', batchSize: 2, preprocessing })
    expect(traced.features.get('Mixed_6e')?.shape.slice(1, 3)).toEqual([map, map])
    expect(traced.auxiliary.map(({ logits, weight }) => [logits.shape, weight])).toEqual([[[2, 1000], 0.4]])
    expect(traced.state.get('AuxLogits.conv1.conv.weight')?.tensor.shape).toEqual([768, 128, 5, 5])
  })

  test('inception_v3 has no auxiliary head when it predicts, or where none is wanted', () => {
    expect(traceModel('inception_v3').auxiliary).toEqual([])
    const options = { mode: 'train', batchSize: 2 } as const
    const without = traceModel('inception_v3', { ...options, config: { auxiliaryWeight: 0 } })
    expect([...without.state.keys()]).toEqual([...traceModel('inception_v3').state.keys()])
    expect(traceModel('inception_v3', { ...options, classes: 0 }).auxiliary).toEqual([])
  })

  test.each([
    ['inception_v3', 'Conv2d_1a_3x3.conv.weight', 2048],
    ['inception_v4', 'features.0.conv.weight', 1536],
    ['inception_resnet_v2', 'conv2d_1a.conv.weight', 1536],
  ])('%s takes grey images of any size and gives features without classes', (name, first, features) => {
    const preprocessing = { inputSize: [139, 107], channels: 1 } as const
    const options = { classes: 0, preprocessing, config: { dropRate: 0.2 } }
    const traced = traceModel(name, options)
    expect(traced.state.get(first)?.tensor.shape).toEqual([32, 1, 3, 3])
    expect(traced.logits.shape).toEqual([1, features])
    expect([...traceModel(name, { ...options, mode: 'train' }).masks.keys()]).toEqual(['drop.mask'])
  })

  test('its depth and widths are data', () => {
    const { features } = traceModel('inception_v4', {
      config: { stages: [[{ branch0: [8] }], [{ branch0: [4], branch1: [2, same(6, 3)] }]] },
    })
    expect([...features].map(([name, { shape }]) => [name, shape.at(-1)])).toEqual([
      ['features.2', 64],
      ['features.3', 8],
      ['features.4', 10],
    ])
  })

  const stage = { entry: { branch0: [4] }, residual: { branch0: [2] }, depth: 1, scale: 0.2 }
  test.each([
    [
      'inception_v3',
      { stages: [{ Mixed_5b: { a: [2] } }, { Mixed_6a: { a: [2] } }, { Mixed_7a: { a: [2] } }] },
    ],
    ['inception_v4', { stages: [[{ branch0: [2] }]] }],
    ['inception_resnet_v2', { stages: [stage, stage, stage], filters: 8 }],
  ])('%s holds what every architecture must hold', (model, config) => {
    checkArchitecture({ model, registry: createRegistry(zoo), inputSize: [43, 43], config })
  })
})

describe('numbered', () => {
  test('counts convolutions, not pools, and tells those of one input apart', () => {
    const pool = { pool: 'max', size: 3 } as const
    expect(numbered('branch', [pool, 4, [same(2, 1), same(3, 1)]])).toEqual({
      branch: [
        pool,
        { filters: 4, name: 'branch_1' },
        [
          { filters: 2, kernelSize: 1, name: 'branch_2a' },
          { filters: 3, kernelSize: 1, name: 'branch_2b' },
        ],
      ],
    })
    expect(numbered('branch', [pool, 4])).toEqual({ branch: [pool, { filters: 4, name: 'branch' }] })
  })
})
