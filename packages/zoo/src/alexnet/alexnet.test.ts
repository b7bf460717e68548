import { createRegistry, type ModelName, random, type Trace } from '@convkit/core'
import { checkArchitecture } from '@convkit/core/testing'
import { type AnyNode, receptiveField, topologicalOrder } from '@convkit/graph'
import { describe, expect, test } from 'vitest'
import zoo from '../index.js'
import { parameterCount, traceModel } from '../testing/trace-model.js'
import { variants } from './variants.js'

const names = Object.keys(variants) as ModelName[]
const nodes = (traced: Trace, op: AnyNode['op']) =>
  topologicalOrder([traced.logits]).filter((node) => node.op === op)

describe('alexnet', () => {
  test.each([
    ['alexnet', 61_100_840],
    ['alexnet_paper', 60_965_224],
  ])('%s has %i parameters', (name, parameters) => {
    expect(parameterCount(traceModel(name))).toBe(parameters)
  })

  test.each(names)('%s sees 195 pixels, every 32', (name) => {
    const { image, features } = traceModel(name)
    const last = [...features.values()].at(-1)
    expect(last?.shape).toEqual([1, 6, 6, 256])
    expect(last && receptiveField(image, last)).toEqual({ size: [195, 195], stride: [32, 32] })
  })

  test('alexnet_paper has the maps, groups and normalisation of 2012', () => {
    const traced = traceModel('alexnet_paper')
    expect(traced.image.shape).toEqual([1, 227, 227, 3])
    const convolutions = nodes(traced, 'conv2d').map(({ outputs: [y], attributes }) => [
      ...(y?.shape.slice(1) ?? []),
      'groups' in attributes && attributes.groups,
    ])
    expect(convolutions).toEqual([
      [55, 55, 96, 1],
      [27, 27, 256, 2],
      [13, 13, 384, 1],
      [13, 13, 384, 2],
      [13, 13, 256, 2],
    ])
    const normalizations = nodes(traced, 'localResponseNorm').map(({ attributes }) => attributes)
    expect(normalizations).toEqual(new Array(2).fill({ size: 5, alpha: 1e-4, beta: 0.75, bias: 2 }))
  })

  test('alexnet_paper starts with small weights and open gates', () => {
    const { state } = traceModel('alexnet_paper')
    const first = (name: string) => {
      const entry = state.get(name)
      return entry?.initializer(entry.tensor.shape, random(0, name)) ?? new Float32Array()
    }
    const biases = [...state.keys()].filter((name) => name.endsWith('bias'))
    expect(biases.map((name) => [...new Set(first(name))])).toEqual([[0], [1], [0], [1], [1], [1], [1], [0]])
    const weights = first('features.4.weight')
    const variance = weights.reduce((sum, value) => sum + value * value, 0) / weights.length
    expect(Math.sqrt(variance)).toBeCloseTo(0.01, 4)
    expect(weights.some((value) => Math.abs(value) > 0.03)).toBe(true)
  })

  test.each([
    [
      'alexnet',
      ['classifier.0.mask', 'classifier.3.mask'],
      [
        [2, 6, 6, 256],
        [2, 4096],
      ],
    ],
    [
      'alexnet_paper',
      ['classifier.2.mask', 'classifier.5.mask'],
      [
        [2, 4096],
        [2, 4096],
      ],
    ],
  ])('%s drops half of what two layers take or give', (name, paths, shapes) => {
    const { masks } = traceModel(name, { mode: 'train', batchSize: 2 })
    expect([...masks.keys()]).toEqual(paths)
    expect([...masks.values()].map(({ shape }) => shape)).toEqual(shapes)
    expect(traceModel(name, { mode: 'train', batchSize: 2, config: { dropRate: 0 } }).masks.size).toBe(0)
  })

  test.each(names)('%s takes grey images of any size and gives features without classes', (name) => {
    const preprocessing = { inputSize: [97, 161], channels: 1 } as const
    const traced = traceModel(name, { classes: 0, preprocessing })
    expect(traced.state.get('features.0.weight')?.tensor.shape[1]).toBe(1)
    expect(traced.logits.shape).toEqual([1, 4096])
    expect(traced.state.has('classifier.6.weight')).toBe(false)
  })

  test.each(names)('%s slides over larger images, at its own input size only', (name) => {
    const [side = 0] = traceModel(name).image.shape.slice(1)
    const slid = traceModel(name, { classes: 5, slideOver: [side + 64, side + 32] })
    expect(slid.logits.shape).toEqual([1, 3, 2, 5])
    const small = { inputSize: [160, 160] } as const
    expect(() => traceModel(name, { preprocessing: small, slideOver: [224, 224] })).toThrow(
      /6×6, got \d×\d; use/,
    )
  })

  test.each(names)('%s holds what every architecture must hold', (model) => {
    const config = { filters: [4, 4, 4, 4, 2], hidden: 8 }
    checkArchitecture({ model, registry: createRegistry(zoo), inputSize: [67, 67], config })
  })
})
