import { averagePool2d, conv2d, dense, globalAveragePool } from '@convkit/graph'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defineArchitecture } from './architecture.js'
import { toFullyConvolutional } from './fully-convolutional.js'
import type { HeadOptions } from './head.js'
import { normal } from './initializers.js'
import { createVariant } from './model.js'
import { modelRecord, parseModelRecord } from './model-record.js'
import type { Pixels } from './preprocessing.js'
import { createRegistry } from './registry.js'
import { referenceEngine } from './testing.js'

const pyramid = defineArchitecture({
  name: 'pyramid',
  variants: { pyramid: {} },
  preprocessing: { inputSize: [8, 8], cropPct: 1 },
  classifier: 'fc',
  build(net, image) {
    let x = image
    for (const [at, filters] of [2, 3, 5].entries()) {
      const scope = net.scope(`stage${at}`)
      const weight = scope.parameter('weight', [filters, x.shape[3] ?? 0, 1, 1], normal(0.5))
      x = net.feature(`stage${at}`, averagePool2d(conv2d(x, weight), { size: 2, strides: 2 }))
    }
    const size = net.window(x)
    const pooled = net.fullyConvolutional ? averagePool2d(x, { size, strides: 1 }) : globalAveragePool(x)
    if (net.classes === 0) return pooled
    return dense(pooled, net.scope('fc').parameter('weight', [net.classes, 5], normal(0.5)))
  },
})
const registry = createRegistry({ name: 'test', architectures: [pyramid] })
const modelWith = (head?: HeadOptions) =>
  createVariant(registry.model('pyramid'), { registry, head, classes: 4, engine: referenceEngine() })

describe('a head in place of a network’s own', () => {
  it('sees stages side by side, and leaves out later ones', async () => {
    const model = await modelWith({ stages: ['stage0', 'stage1'] })
    expect([...model.weights].map(([name, { shape }]) => `${name} ${shape}`)).toEqual([
      'stage0.weight 2,3,1,1',
      'stage1.weight 3,2,1,1',
      'fc.weight 4,5',
      'fc.bias 4',
    ])
    expect([...model.trace({ batchSize: 1, mode: 'infer' }).features.keys()]).toEqual(['stage0', 'stage1'])
  })

  it('sees what the network’s own does by default, and slides where that does', async () => {
    const model = await modelWith({ hidden: 7, dropRate: 0.5 })
    expect(model.weights.get('fc.hidden.weight')?.shape).toEqual([7, 5])
    expect(
      [...model.trace({ batchSize: 3, mode: 'train' }).masks].map(([name, { shape }]) => [name, shape]),
    ).toEqual([
      ['fc.drop.mask', [3, 5]],
      ['fc.hidden.drop.mask', [3, 7]],
    ])
    const early = await modelWith({ stages: ['stage1'] })
    const sliding = early.trace({ batchSize: 1, mode: 'infer', slideOver: [16, 12] })
    expect(sliding.logits.shape).toEqual([1, 3, 2, 4])
  })

  it.each([
    ['the network’s own features', {}],
    ['an early stage', { stages: ['stage1'] }],
    ['all stages', { stages: ['stage0', 'stage1', 'stage2'], hidden: 6 }],
  ])('of %s gives at each position what it gives of the part of the image there', async (_of, head) => {
    const model = await modelWith(head)
    const random = fc.sample(fc.uint8Array({ minLength: 8 * 24 * 3, maxLength: 8 * 24 * 3 }), {
      seed: 1,
      numRuns: 1,
    })
    const image: Pixels = { height: 8, width: 24, channels: 3, data: random[0] as Uint8Array }
    const sliding = toFullyConvolutional(model, { shorterSide: null })
    const { height, width, data } = await sliding.scoreMap(image)
    const step = 16 / (width - 1)
    expect([height, Number.isInteger(step)]).toEqual([1, true])
    for (let column = 0; column < width; column++) {
      const rows = Array.from({ length: 8 }, (_, y) =>
        image.data.subarray((y * 24 + column * step) * 3).subarray(0, 24),
      )
      const part: Pixels = {
        height: 8,
        width: 8,
        channels: 3,
        data: Uint8Array.from(rows.flatMap((row) => [...row])),
      }
      const { logits } = await model.infer([part])
      const there = data.subarray(column * 4, (column + 1) * 4)
      for (const [i, logit] of logits.entries()) expect(there[i]).toBeCloseTo(logit, 5)
    }
  })

  it('takes what it needs of weights for the whole network', async () => {
    const weights = new Map((await modelWith()).weights)
    const options = { registry, classes: 4, engine: referenceEngine(), weights }
    const model = await createVariant(registry.model('pyramid'), { ...options, head: { stages: ['stage1'] } })
    expect(model.weights.get('stage1.weight')).toEqual(weights.get('stage1.weight'))
    expect(model.pretrained?.newHead).toBe(true)
    const again = new Map(model.weights)
    const same = await createVariant(registry.model('pyramid'), {
      ...options,
      weights: again,
      head: { stages: ['stage1'] },
    })
    expect(same.pretrained?.newHead).toBe(false)
    expect(same.weights).toEqual(again)
  })

  it('is kept in the record of a model', async () => {
    const head = { stages: ['stage1'], hidden: 3, dropRate: 0.25 }
    const record = JSON.stringify(modelRecord(await modelWith(head)))
    expect(parseModelRecord(record, 'config.json').head).toEqual(head)
    expect(
      parseModelRecord(JSON.stringify(modelRecord(await modelWith())), 'config.json').head,
    ).toBeUndefined()
  })

  it('is checked', async () => {
    await expect(modelWith({ stages: ['stage7'] })).rejects.toThrow("no stage 'stage7' (nearest: stage0")
    await expect(modelWith({ stages: [] })).rejects.toThrow('head: stages')
    await expect(modelWith({ dropRate: 1 })).rejects.toThrow('head: dropRate')
  })
})
