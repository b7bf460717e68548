import { type Callback, floatTensor, type TensorMap, type WeightAveraging } from '@convkit/core'
import { describe, expect, it } from 'vitest'
import { evaluate } from './evaluate.js'
import { fit } from './fit.js'
import type { FitOptions } from './fit-options.js'
import { adamW } from './optimizers/adam.js'
import { tinyDataset, tinyModel } from './test-support/tiny.js'

const train = tinyDataset(12)
const validation = tinyDataset(6, { seed: 2 })
const config = { batchNorm: true, dropout: 0.3 }
const options: FitOptions = {
  epochs: 2,
  batchSize: 3,
  validation,
  optimizer: adamW({ learningRate: 0.05 }),
  seed: 3,
}

/** Trains, and keeps what each step has made of the trained weights and of those that are evaluated. */
async function training(
  averaging?: WeightAveraging,
  changes: Partial<FitOptions> = {},
  more: Callback[] = [],
) {
  const model = await tinyModel(config)
  const first = new Map(model.weights)
  const trained: TensorMap[] = []
  const evaluated: TensorMap[] = []
  const watch: Callback = {
    name: 'watch',
    ...(averaging && { averaging }),
    async onBatchEnd(_batch, _logs, context) {
      const { model: own, optimizer } = await context.snapshot()
      evaluated.push(own)
      trained.push(new Map([...own].map(([name, value]) => [name, optimizer.get(name) ?? value])))
    },
  }
  const { history } = await fit(model, train, { ...options, ...changes, callbacks: [watch, ...more] })
  return { model, first, weights: new Map(model.weights), trained, evaluated, history }
}

describe('averaged weights', () => {
  it('are the weights themselves at a rate of 1, and change nothing of the training', async () => {
    const [plain, averaged] = [await training(), await training({ rate: () => 1 })]
    expect(averaged.weights).toEqual(plain.weights)
    expect(averaged.trained).toEqual(plain.trained)
    expect(averaged.history.map(({ val_loss }) => val_loss)).toEqual(
      plain.history.map(({ val_loss }) => val_loss),
    )
  })

  it('go on through phases in which other layers are frozen', async () => {
    const phases = [{ from: 0, isFrozen: (path: string) => path === 'hidden' }, { from: 1 }]
    const [plain, averaged] = [await training({ rate: () => 1 }), await training(undefined, { phases })]
    const together = await training({ rate: () => 1 }, { phases })
    expect(together.weights).toEqual(averaged.weights)
    expect(together.history.map(({ val_loss }) => val_loss)).toEqual(
      averaged.history.map(({ val_loss }) => val_loss),
    )
    expect(together.weights).not.toEqual(plain.weights)
    const half = await training({ rate: () => 0.5 }, { phases })
    const hidden = [...half.first.keys()].filter((name) => name.startsWith('hidden.'))
    const stepsOfAnEpoch = half.evaluated.length / 2
    expect(hidden.length).toBeGreaterThan(0)
    for (const name of hidden) {
      expect(half.evaluated[stepsOfAnEpoch - 1]?.get(name)).toEqual(half.first.get(name))
      expect(half.weights.get(name)).not.toEqual(half.first.get(name))
    }
  })

  it('stay the first ones at a rate of 0', async () => {
    const { weights, first, trained } = await training({ rate: () => 0 })
    expect(weights).toEqual(first)
    expect(trained.at(-1)).not.toEqual(first)
  })

  it.each([{}, { batchSize: 2, accumulate: 2 }])('follow the rate of each step: %j', async (changes) => {
    const rate: WeightAveraging['rate'] = ({ step, stepsPerEpoch }) => 1 / (2 + step / stepsPerEpoch)
    const { first, trained, evaluated, weights } = await training({ rate }, changes)
    let expected = first
    trained.forEach((step, at) => {
      const share = rate({ step: at, steps: trained.length, stepsPerEpoch: trained.length / 2 })
      expected = new Map(
        [...expected].map(([name, old]) => {
          const now = step.get(name)?.data as Float32Array
          return [
            name,
            floatTensor(
              old.shape,
              old.data.map((x, i) => x + share * ((now[i] as number) - x)),
            ),
          ]
        }),
      )
      for (const [name, { data }] of expected) {
        const distance = data.map((x, i) => Math.abs(x - (evaluated[at]?.get(name)?.data[i] as number)))
        expect(Math.max(...distance)).toBeLessThan(1e-6)
      }
    })
    expect(weights).toEqual(evaluated.at(-1))
  })

  it('are what is evaluated, statistics of batch-norms included', async () => {
    const { model, history } = await training({ rate: () => 0.2 })
    const { loss } = await evaluate(model, validation, { batchSize: 3 })
    expect(loss).toBeCloseTo(history.at(-1)?.val_loss as number, 12)
  })

  it('go on from weights that a callback has put back', async () => {
    const first = (await tinyModel(config)).weights
    const back: Callback = {
      name: 'back',
      onTrainEnd: (_logs, context) => context.setWeights(new Map(first)),
    }
    expect((await training({ rate: () => 0.2 }, {}, [back])).weights).toEqual(new Map(first))
  })

  it('are asked for by one callback', async () => {
    const second: Callback = { name: 'second', averaging: { rate: () => 1 } }
    await expect(training({ rate: () => 1 }, {}, [second])).rejects.toThrow(
      'callbacks must be such that one of them averages the weights, got "second"',
    )
  })
})

describe('what callbacks multiply the learning rate by', () => {
  it('is multiplied with the schedule, at each step, and logged', async () => {
    const seen: number[] = []
    const half: Callback = {
      name: 'half',
      learningRateFactor: (_position, history) => 0.5 ** history.length,
      onBatchEnd: (_batch, { lr }) => void seen.push(lr as number),
    }
    const tenth: Callback = { name: 'tenth', learningRateFactor: ({ step }) => (step === 0 ? 0.1 : 1) }
    const { history } = await training(undefined, { schedule: () => 2 }, [half, tenth])
    expect(seen.map((lr) => Math.round(lr * 1000))).toEqual([10, 100, 100, 100, 50, 50, 50, 50])
    expect(history.map(({ lr }) => lr)).toEqual([0.1, 0.05])
  })
})
