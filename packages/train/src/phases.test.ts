import { describe, expect, it } from 'vitest'
import { cutTrace, frozenFrontier, joinFrontier } from './cut-trace.js'
import { fit } from './fit.js'
import { sgd } from './optimizers/sgd.js'
import { phaseAt, phaseSignature } from './phases.js'
import { tinyDataset, tinyModel } from './test-support/tiny.js'

const train = tinyDataset(12)

describe('phases', () => {
  it('hold from their first epoch on', () => {
    const phases = [{ from: 0 }, { from: 2 }, { from: 5 }]
    expect([0, 1, 2, 4, 5, 9].map((epoch) => phaseAt(phases, epoch).index)).toEqual([0, 0, 1, 1, 2, 2])
    expect([0, 2].map((index) => phaseSignature('train', index))).toEqual(['train', 'train_2'])
  })

  it('train as the same freezing from the beginning does', async () => {
    const weightsOf = async (phased: boolean) => {
      const model = await tinyModel({ batchNorm: true, dropout: 0.2 })
      const isFrozen = (path: string) => path === 'hidden'
      const options = { batchSize: 4, optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }) }
      await fit(model, train, {
        ...options,
        epochs: 3,
        ...(phased
          ? {
              phases: [
                { from: 0, isFrozen },
                { from: 2, isFrozen },
              ],
            }
          : { isFrozen }),
      })
      return [...model.weights.values()].flatMap(({ data }) => [...data])
    }
    expect(await weightsOf(true)).toEqual(await weightsOf(false))
  })

  it('name what is wrong with them', async () => {
    const model = await tinyModel()
    const asked = (phases: readonly { from: number }[], more = {}) =>
      fit(model, train, { epochs: 1, phases, ...more })
    await expect(asked([{ from: 1 }])).rejects.toThrow('phases must be from epoch 0 on, in order, got [1]')
    await expect(asked([{ from: 0 }, { from: 0 }])).rejects.toThrow('got [0,0]')
    await expect(asked([{ from: 0 }], { isFrozen: () => false })).rejects.toThrow(
      'phases says what is frozen and how fast the rest learns, and so does isFrozen: leave one',
    )
    const negative = fit(model, train, { epochs: 1, learningRateOf: () => -1 })
    await expect(negative).rejects.toThrow("the learning rate's multiplier of hidden.weight must be")
    await expect(asked([{ from: 0 }, { from: 1, isFrozen: () => true } as { from: number }])).rejects.toThrow(
      'freezes all',
    )
  })
})

describe('the cut behind a frozen part', () => {
  const traced = async (isFrozen: (path: string) => boolean, config = {}) =>
    (await tinyModel({ batchNorm: true, ...config })).trace({ batchSize: 3, mode: 'train', isFrozen })

  it('is what the trained part takes from it', async () => {
    const frozen = await traced((path) => path === 'hidden')
    const frontier = frozenFrontier(frozen)
    expect(frontier.map(({ shape }) => shape)).toEqual([[3, 5]])
    const { image, logits, updates } = cutTrace(frozen)
    expect(image).toMatchObject({ shape: [3, 5], dtype: 'float32' })
    expect(logits.shape).toEqual([3, 3])
    expect([...updates.keys()]).toEqual(['norm.running_mean', 'norm.running_var'])
  })

  it('joins several values side by side', async () => {
    const frozen = await traced((path) => path === 'hidden' || path === 'norm', { auxiliary: true })
    const [first, ...others] = frozenFrontier(frozen)
    expect(others).toEqual([])
    expect(joinFrontier(first ? [first, first] : []).shape).toEqual([3, 10])
  })

  it('is not there where nothing is frozen before what is trained', async () => {
    expect(frozenFrontier(await traced(() => false))).toEqual([])
    const late = await traced((path) => path === 'norm')
    expect(frozenFrontier(late)).toEqual([])
    expect(() => cutTrace(late)).toThrow('No layer is frozen before those that are trained')
  })
})
