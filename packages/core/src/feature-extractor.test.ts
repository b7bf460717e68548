import { describe, expect, it } from 'vitest'
import { embedder, featureExtractor } from './feature-extractor.js'
import { createVariant } from './model.js'
import type { Pixels } from './preprocessing.js'
import { createRegistry } from './registry.js'
import { referenceProvider } from './testing/reference-engine.js'
import tinyPlugin from './testing/tinynet.js'

const registry = createRegistry(tinyPlugin, { name: 'reference', engines: [referenceProvider] })
const model = await createVariant(registry.model('tinynet_4'), { registry, classes: 3 })
const images = [3, 5, 7].map(
  (step): Pixels => ({
    height: 8,
    width: 8,
    channels: 3,
    data: Uint8Array.from({ length: 192 }, (_, i) => (i * step) % 256),
  }),
)

describe('featureExtractor', () => {
  it('gives every stage’s maps, whatever the batch', async () => {
    const extractor = featureExtractor(model, { batchSize: 2 })
    expect(extractor.stages).toEqual([{ name: 'conv1', shape: [4, 4, 4], reduction: 2 }])
    const maps = (await extractor.extract(images)).get('conv1')
    expect(maps?.shape).toEqual([3, 4, 4, 4])
    const alone = (await extractor.extract(images.slice(2))).get('conv1')
    expect(maps?.data.slice(2 * 64)).toEqual(alone?.data)
    await extractor.dispose()
  })

  it('names the stages that there are', () => {
    expect(() => featureExtractor(model, { stages: ['conv2'] })).toThrow(
      /tinynet_4 has no stage 'conv2' \(nearest: conv1\); it has conv1/,
    )
  })
})

describe('embedder', () => {
  it('gives what the classifier sees: its logits follow from it', async () => {
    const pooled = embedder(model)
    const { shape, data } = await pooled.embed(images)
    expect([shape, pooled.size]).toEqual([[3, 4], 4])
    const weight = model.weights.get('fc.weight')?.data ?? []
    const { logits } = await model.infer(images)
    const own = Array.from({ length: 9 }, (_, i) =>
      [0, 1, 2, 3].reduce(
        (sum, k) => sum + (data[4 * Math.floor(i / 3) + k] ?? 0) * (weight[4 * (i % 3) + k] ?? 0),
        0,
      ),
    )
    for (const [i, value] of own.entries()) expect(value).toBeCloseTo(logits[i] ?? Number.NaN, 5)
  })
})
