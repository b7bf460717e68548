import { describe, expect, it } from 'vitest'
import { adaptInputChannels } from './adapt-weights.js'
import { createVariant } from './model.js'
import type { PretrainedWeights, WeightsProvider } from './pretrained-weights.js'
import { createRegistry } from './registry.js'
import { floatTensor, type TensorMap } from './tensors.js'
import { referenceProvider } from './testing/reference-engine.js'
import tinyPlugin from './testing/tinynet.js'

const shelf: WeightsProvider = {
  name: 'shelf',
  open: async (weights) => (weights === 'best' ? pretrained() : undefined),
}
const engines = { name: 'reference', engines: [referenceProvider] }
const registry = createRegistry(tinyPlugin, engines, { name: 'shelf', weights: [shelf] })
const variant = registry.model('tinynet_4')
const make = (options: Parameters<typeof createVariant>[1]) =>
  createVariant(variant, { registry, ...options })

/** Weights of three classes: constants by name, so that nothing looks like a first value. */
async function weightsOf(classes: readonly string[]): Promise<TensorMap> {
  const model = await make({ classes, seed: 1 })
  return new Map(
    [...model.weights].map(([name, { shape, data }]) => [
      name,
      floatTensor(
        shape,
        data.map(() => 0.5),
      ),
    ]),
  )
}
const animals = ['cat', 'dog', 'fox']
async function pretrained(): Promise<PretrainedWeights> {
  const tensors = await weightsOf(animals)
  return { source: 'shelf/best', tensors, classes: animals, preprocessing: { cropPct: 0.5 } }
}

describe('weights of createModel', () => {
  it('are taken as they are where they fit, with their classes and preprocessing', async () => {
    const model = await make({ weights: 'best' })
    expect(model.classes).toEqual(animals)
    expect(model.preprocessing.cropPct).toBe(0.5)
    expect(model.pretrained).toEqual({ source: 'shelf/best', newHead: false, notes: [] })
    expect(model.weights.get('fc.weight')?.data.every((value) => value === 0.5)).toBe(true)
    expect((await make({})).pretrained).toBeUndefined()
  })

  it('keep as many classes as they have, where none are asked for', async () => {
    expect((await make({ weights: await weightsOf(animals) })).classes).toEqual(['0', '1', '2'])
  })

  it.each([
    ['another number', ['a', 'b'], /the classifier fc starts afresh: the weights' is for 3 other classes/],
    ['other names', ['a', 'b', 'c'], /starts afresh/],
  ])('leave a fresh head for %s of classes', async (_, classes, note) => {
    const model = await make({ weights: await pretrained(), classes, seed: 4 })
    const fresh = await make({ classes, seed: 4 })
    expect(model.pretrained).toMatchObject({ newHead: true, notes: [expect.stringMatching(note)] })
    expect(model.weights.get('fc.weight')).toEqual(fresh.weights.get('fc.weight'))
    expect(model.weights.get('conv1.weight')?.data[0]).toBe(0.5)
  })

  it('need no head', async () => {
    const tensors = await weightsOf(animals)
    for (const name of [...tensors.keys()]) if (name.startsWith('fc.')) tensors.delete(name)
    const model = await make({ weights: tensors, classes: 2 })
    expect(model.pretrained?.notes).toEqual(['the classifier fc starts afresh: the weights have none'])
  })

  it('adapt to grey images', async () => {
    const model = await make({ weights: await pretrained(), preprocessing: { channels: 1 } })
    expect(model.weights.get('conv1.weight')?.shape[1]).toBe(1)
    expect(model.weights.get('conv1.weight')?.data[0]).toBeCloseTo(1.5)
    expect(model.pretrained?.notes[0]).toMatch(/conv1\.weight has 1 input channels, made of the weights' 3/)
  })

  it('fail with every difference at once', async () => {
    const tensors = await weightsOf(animals)
    tensors.delete('fc.bias')
    tensors.set('conv1.weight', floatTensor([7], new Float32Array(7)))
    tensors.set('other.weight', floatTensor([1], new Float32Array(1)))
    const error = await make({ weights: tensors }).catch((error: Error) => error)
    expect(error).toMatchObject({ code: 'E_WEIGHTS' })
    expect(String(error)).toMatch(
      /1 missing: fc\.bias \[3\]; 1 of another shape: conv1\.weight \[7\] instead of \[.*\]; 1 not in the model: other/,
    )
  })

  it('say who was asked for a name that nobody knows', async () => {
    await expect(make({ weights: 'worst' })).rejects.toThrow(
      /no weights 'worst' of tinynet_4 \(asked: shelf\)/,
    )
    const none = createRegistry(tinyPlugin, engines)
    await expect(createVariant(variant, { registry: none, weights: 'best' })).rejects.toThrow(
      /@convkit\/weights\/register/,
    )
  })
})

describe('adaptInputChannels', () => {
  const kernel = floatTensor([1, 3, 1, 2], Float32Array.of(1, 2, 3, 4, 5, 6))

  it('sums for one channel, and spreads one over three', () => {
    const grey = adaptInputChannels(kernel, 1)
    expect([grey.shape, [...grey.data]]).toEqual([
      [1, 1, 1, 2],
      [9, 12],
    ])
    expect([...adaptInputChannels(grey, 3).data]).toEqual([3, 4, 3, 4, 3, 4])
  })

  it('repeats for more channels, as timm', () => {
    expect([...adaptInputChannels(kernel, 4).data]).toEqual(
      [1, 2, 3, 4, 5, 6, 1, 2].map((value) => value * 0.75),
    )
  })

  it('leaves other kernels alone', () => {
    expect(adaptInputChannels(kernel, 3)).toBe(kernel)
    const wide = floatTensor([1, 12, 1, 1], new Float32Array(12))
    expect(adaptInputChannels(wide, 1)).toBe(wide)
  })
})
