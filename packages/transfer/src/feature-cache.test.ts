import type { Dataset, Engine, Model } from '@convkit/core'
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

  it('are of mirror images too, and each epoch draws which', async () => {
    const model = await stagedModel()
    const cached = await cacheFeatures(model, { train, validation }, freezeNamed(model, ['layer1.conv']), {
      mirror: true,
    })
    const rows = async (dataset: Dataset | undefined, shuffle?: { seed: number; epoch: number }) => {
      const found = new Map<number, string>()
      for await (const batch of dataset?.batches({
        batchSize: 8,
        preprocessing: model.preprocessing,
        ...(shuffle && { shuffle }),
      }) ?? []) {
        const { data = new Float32Array(), shape = [] } = batch.features ?? {}
        const width = data.length / (shape[0] ?? 1)
        for (let row = 0; row < batch.count; row++) {
          found.set(batch.indices[row] as number, `${data.slice(row * width, (row + 1) * width)}`)
        }
      }
      return found
    }
    const plain = await rows(cached?.train)
    const mirrored = new Map(
      [...plain].map(([index, text]) => [index, `${swapped(text.split(',').map(Number))}`]),
    )
    for (const epoch of [0, 1]) {
      const drawn = await rows(cached?.train, { seed: 5, epoch })
      expect(drawn.size).toBe(24)
      const asTheyAre = [...drawn].filter(([index, text]) => text === plain.get(index))
      const inTheMirror = [...drawn].filter(([index, text]) => text === mirrored.get(index))
      expect(asTheyAre.length + inTheMirror.length).toBe(24)
      expect(asTheyAre.length).toBeGreaterThan(4)
      expect(inTheMirror.length).toBeGreaterThan(4)
      expect(await rows(cached?.train, { seed: 5, epoch })).toEqual(drawn)
    }
    expect(await rows(cached?.train, { seed: 5, epoch: 0 })).not.toEqual(
      await rows(cached?.train, { seed: 5, epoch: 1 }),
    )
    expect(await rows(cached?.validation, { seed: 5, epoch: 0 })).toEqual(await rows(cached?.validation))
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

/** A map of 4 × 4 places and 4 channels with left and right swapped. */
const swapped = (map: readonly number[]) =>
  map.map((_, at) => {
    const [place, channel] = [Math.floor(at / 4), at % 4]
    return map[(place - (place % 4) + 3 - (place % 4)) * 4 + channel]
  })
