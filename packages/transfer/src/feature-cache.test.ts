import type { Engine, Model } from '@convkit/core'
import { referenceEngine } from '@convkit/core/testing'
import { fit, type TrainingPhase } from '@convkit/train'
import { describe, expect, it } from 'vitest'
import { cacheFeatures } from './feature-cache.js'
import { freezeBody, freezeNamed, freezeNothing, freezeUpTo } from './freeze.js'
import { colours, stagedModel } from './testing/tiny.js'
import { thaw, withCachedFeatures } from './thaw.js'

const [train, validation] = [colours(24), colours(9, 2)]

async function trained(phasesOf: (model: Model) => Promise<readonly TrainingPhase[]>, accumulate = 1) {
  const model = await stagedModel()
  const phases = await phasesOf(model)
  const { history } = await fit(model, train, { epochs: 4, batchSize: 6, validation, phases, accumulate })
  return { history, weights: [...model.weights.values()].flatMap(({ data }) => [...data]) }
}

const close = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((value, i) => Math.abs(value - (b[i] as number))))

describe('cached features', () => {
  it.each([
    ['the whole body', (model: Model) => freezeBody(model)],
    ['two stages', (model: Model) => freezeUpTo(model, 'layer2')],
    ['the first convolution alone', (model: Model) => freezeNamed(model, ['layer1.conv'])],
  ])('train as images do: %s', async (_, freeze) => {
    const plain = await trained(async (model) => [{ from: 0, isFrozen: freeze(model) }])
    const cached = await trained((model) =>
      withCachedFeatures(model, [{ from: 0, isFrozen: freeze(model) }], { train, validation }),
    )
    expect(close(cached.weights, plain.weights)).toBeLessThan(1e-5)
    for (const [epoch, logs] of cached.history.entries()) {
      expect(logs.val_loss).toBeCloseTo(plain.history[epoch]?.val_loss ?? 0, 5)
    }
  })

  it('last as long as their phase, also where gradients are accumulated', async () => {
    const steps = [
      { epoch: 0, freezeNorms: false },
      { epoch: 2, frozen: { upTo: 'layer1' }, learningRates: { decay: 0.5 } },
    ] as const
    const plain = await trained(async (model) => thaw(model, steps), 2)
    const cached = await trained(
      (model) => withCachedFeatures(model, thaw(model, steps), { train, validation }),
      2,
    )
    expect(close(cached.weights, plain.weights)).toBeLessThan(1e-5)
  })

  it('run the frozen part once for each image', async () => {
    const inner = referenceEngine()
    const runs: string[] = []
    const engine: Engine = {
      ...inner,
      async load(program) {
        const session = await inner.load(program)
        return {
          ...session,
          run: (signature, feeds) => {
            runs.push(`${signature} ${feeds.image?.dtype}`)
            return session.run(signature, feeds)
          },
        }
      },
    }
    const model = await stagedModel(engine)
    const isFrozen = freezeBody(model)
    const phases = await withCachedFeatures(
      model,
      [{ from: 0, isFrozen }],
      { train, validation },
      { batchSize: 8 },
    )
    await fit(model, train, { epochs: 5, batchSize: 8, validation, phases })
    expect(runs.filter((run) => run.endsWith('uint8'))).toEqual(Array(3 + 2).fill('features uint8'))
    expect(runs.filter((run) => run === 'train float32')).toHaveLength(15)
  })

  it('are not kept where nothing is frozen, or there is no room', async () => {
    const model = await stagedModel()
    expect(await cacheFeatures(model, { train }, freezeNothing)).toBeUndefined()
    expect(await cacheFeatures(model, { train }, freezeNamed(model, ['layer2']))).toBeUndefined()
    expect(
      await cacheFeatures(model, { train }, freezeBody(model), { memoryBytes: 24 * 8 * 4 - 1 }),
    ).toBeUndefined()
    expect(
      await cacheFeatures(model, { train }, freezeBody(model), { memoryBytes: 24 * 8 * 4 }),
    ).toBeDefined()
  })
})
