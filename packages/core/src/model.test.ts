import { describe, expect, it } from 'vitest'
import { createVariant } from './model.js'
import type { Pixels } from './preprocessing.js'
import { createRegistry } from './registry.js'
import { floatTensor } from './tensors.js'
import { checkArchitecture } from './testing/check-architecture.js'
import { referenceProvider } from './testing/reference-engine.js'
import tinyPlugin from './testing/tinynet.js'

const registry = createRegistry(tinyPlugin, { name: 'reference', engines: [referenceProvider] })
const tiny = (options = {}) =>
  createVariant(registry.model('tinynet_4'), { registry, classes: ['cat', 'dog'], ...options })

function gradientImage(height: number, width: number): Pixels {
  return {
    height,
    width,
    channels: 3,
    data: Uint8Array.from({ length: height * width * 3 }, (_, i) => (i * 7) % 256),
  }
}

describe('createModel', () => {
  it('draws the same weights from the same seed, whatever the order', async () => {
    const [a, b, c] = await Promise.all([tiny({ seed: 1 }), tiny({ seed: 1 }), tiny({ seed: 2 })])
    expect([...a.weights]).toEqual([...b.weights])
    expect(a.weights.get('fc.weight')).not.toEqual(c.weights.get('fc.weight'))
    expect([...a.weights.keys()]).toEqual(['conv1.weight', 'fc.weight', 'fc.bias'])
  })

  it('predicts images of any size, one or several alike', async () => {
    const model = await tiny({ predictBatchSize: 2 })
    const images = [gradientImage(8, 8), gradientImage(31, 17), gradientImage(5, 40)]
    const several = await model.predict(images, { top: 2 })
    expect(several).toHaveLength(3)
    for (const [i, image] of images.entries()) {
      const one = await model.predict(image, { top: 2 })
      expect(one.map(({ label }) => label)).toEqual(several[i]?.map(({ label }) => label))
      expect(one[0]?.probability).toBeCloseTo(several[i]?.[0]?.probability ?? Number.NaN, 6)
      expect(one.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 6)
    }
    await model.dispose()
  })

  it('uses new weights at once', async () => {
    const model = await tiny()
    await model.predict(gradientImage(8, 8))
    model.setWeights(new Map([...model.weights, ['fc.bias', floatTensor([2], Float32Array.of(-50, 50))]]))
    const [best] = await model.predict(gradientImage(8, 8), { top: 1 })
    expect(best).toMatchObject({ index: 1, label: 'dog' })
    expect(best?.probability).toBeCloseTo(1)
  })

  it('says which weights do not fit', async () => {
    const model = await tiny()
    const without = new Map(model.weights)
    without.delete('fc.bias')
    await expect(tiny({ weights: without })).rejects.toThrow(
      /do not fit tinynet_4: 1 missing: fc\.bias \[2\]; /,
    )
    const other = await tiny({ classes: 5 })
    expect(() => model.setWeights(new Map(other.weights))).toThrow(
      /2 of another shape: fc\.weight \[5,4\] instead of \[2,4\], fc\.bias/,
    )
    expect(() =>
      model.setWeights(new Map([...model.weights, ['fc.wieght', floatTensor([1], Float32Array.of(1))]])),
    ).toThrow(/1 not in the model: fc\.wieght \(nearest: fc\.weight\)/)
  })

  it.each([
    [{ classes: [] }, 'E_OPTION', /at least one class/],
    [{ preprocessing: { cropPct: 0 } }, 'E_OPTION', /cropPct must be in \(0, 1\], got 0/],
    [{ engine: 'cuda' }, 'E_UNKNOWN_ENGINE', /no engine "cuda"; registered: reference/],
  ])('refuses %j', async (options, code, message) => {
    await expect(tiny(options)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })

  it('takes grey images when its channels say so', async () => {
    const model = await tiny({ preprocessing: { channels: 1 } })
    expect(model.preprocessing.mean).toHaveLength(1)
    expect(model.weights.get('conv1.weight')?.shape).toEqual([4, 1, 3, 3])
    expect(await model.predict(gradientImage(8, 8))).toHaveLength(2)
  })
})

describe('checkArchitecture', () => {
  it.each(['tinynet_4', 'tinynet_dropout'])('accepts %s', (model) => {
    expect(() => checkArchitecture({ model, registry })).not.toThrow()
  })

  it('refuses a parameter that nothing uses', () => {
    const wasteful = {
      ...tinyPlugin.architectures[0],
      variants: { wasteful: { width: 4, dropRate: 0 } },
      build: (
        net: Parameters<(typeof tinyPlugin.architectures)[0]['build']>[0],
        image: never,
        config: never,
      ) => {
        net.parameter('idle', [1], () => new Float32Array(1))
        return tinyPlugin.architectures[0].build(net, image, config)
      },
    }
    const own = createRegistry({ name: 'wasteful', architectures: [wasteful] })
    expect(() => checkArchitecture({ model: 'wasteful', registry: own })).toThrow(/do not depend on idle/)
  })
})
