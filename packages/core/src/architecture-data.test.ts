import { conv2d, dense, globalAveragePool } from '@convkit/graph'
import { describe, expect, it } from 'vitest'
import type { BlockFunction } from './architecture.js'
import { architectureFromData } from './architecture-data.js'
import { heNormal } from './initializers.js'
import { createVariant } from './model.js'
import { modelRecord, parseModelRecord } from './model-record.js'
import { definePlugin } from './plugin.js'
import { createRegistry } from './registry.js'
import { checkArchitecture } from './testing/check-architecture.js'
import { referenceEngine } from './testing/reference-engine.js'

interface ConvolutionOptions {
  readonly filters: number
  readonly strides?: number
}

const conv: BlockFunction<ConvolutionOptions> = (net, x, { filters, strides = 1 }) =>
  conv2d(x, net.parameter('weight', [filters, x.shape[3] ?? 0, 3, 3], heNormal()), { strides, padding: 1 })
const head: BlockFunction = (net, x) =>
  dense(globalAveragePool(x), net.parameter('weight', [net.classes, x.shape[3] ?? 0], heNormal()))

const blocks = definePlugin({ name: 'blocks', blocks: { conv, head } })

const data = {
  name: 'small',
  preprocessing: { inputSize: [8, 8], cropPct: 1 },
  layers: [
    { block: 'conv', name: 'stem', options: { filters: 4 } },
    {
      block: 'conv',
      name: 'stage',
      repeat: 2,
      options: { filters: 6 },
      first: { strides: 2 },
      feature: true,
    },
    {
      parallel: [
        [{ block: 'conv', name: 'a', options: { filters: 2 } }],
        [
          { block: 'conv', name: 'a', options: { filters: 3 } },
          { block: 'conv', name: 'b', options: { filters: 5 } },
        ],
        [],
      ],
      join: 'concat',
      name: 'mixed',
    },
    { block: 'head', name: 'fc' },
  ],
}

describe('an architecture from data', () => {
  const architecture = architectureFromData(data, 'small.yaml')
  const registry = createRegistry(blocks, definePlugin({ name: 'data', architectures: [architecture] }))

  it('stacks blocks, with names, repetitions, branches and features', async () => {
    const model = await createVariant(registry.model('small'), {
      registry,
      classes: 3,
      engine: referenceEngine(),
    })
    const shapes = Object.fromEntries([...model.weights].map(([name, { shape }]) => [name, shape]))
    expect(shapes).toEqual({
      'stem.weight': [4, 3, 3, 3],
      'stage.0.weight': [6, 4, 3, 3],
      'stage.1.weight': [6, 6, 3, 3],
      'mixed.0.a.weight': [2, 6, 3, 3],
      'mixed.1.a.weight': [3, 6, 3, 3],
      'mixed.1.b.weight': [5, 3, 3, 3],
      'fc.weight': [3, 13],
    })
    const { features } = model.trace({ batchSize: 2, mode: 'infer' })
    expect([...features].map(([name, { shape }]) => [name, shape])).toEqual([['stage', [2, 4, 4, 6]]])
    checkArchitecture({ model: 'small', registry })
  })

  it('is kept in a saved model, and made again from there', async () => {
    const model = await createVariant(registry.model('small'), { registry, engine: referenceEngine() })
    const { name, architecture: again } = parseModelRecord(JSON.stringify(modelRecord(model)), 'config.json')
    expect(name).toBe('small')
    expect(again?.data).toEqual(architecture.data)
    expect(again?.classifier).toBe('fc')
  })

  it.each<[string, unknown, RegExp]>([
    ['a text', 'small', /small.yaml is not an architecture/],
    ['no layers', { name: 'x', layers: [] }, /layers/],
    ['an unknown key', { ...data, colour: 'red' }, /colour/],
    ['a layer without a block', { ...data, layers: [{ name: 'stem' }] }, /layers\.0/],
    ['repeat 0', { ...data, layers: [{ block: 'conv', repeat: 0 }] }, /layers\.0/],
    [
      'no name of the last layer',
      { ...data, layers: [{ block: 'head' }] },
      /name the last layer, or set classifier/,
    ],
  ])('refuses %s', (_, value, message) => {
    expect(() => architectureFromData(value, 'small.yaml')).toThrow(message)
  })
})
