import type { Metric } from '@convkit/core'
import { add, mean, multiply, square, subtract } from '@convkit/graph'
import { describe, expect, it } from 'vitest'
import { evaluate } from './evaluate.js'
import { fit } from './fit.js'
import { type Loss, weightedMean } from './losses/loss.js'
import type { Optimizer } from './optimizers/optimizer.js'
import { tinyDataset, tinyModel } from './test-support/tiny.js'

const train = tinyDataset(12)

/** The Brier-like score of raw logits. */
const squaredError: Loss = {
  name: 'squaredError',
  build: ({ logits, targets, sampleWeights }) =>
    weightedMean(mean(square(subtract(logits, targets)), { axes: [-1] }), sampleWeights),
}

/** Sets every parameter to the sum of the update's number and the rate, and keeps the last two of them. */
const clock: Optimizer = {
  name: 'clock',
  learningRate: 10,
  slots: { last: 5, beforeLast: -1 },
  scalars: (update) => ({ update }),
  update: ({ parameter, learningRate, slots, scalars }) => {
    const value = add(multiply(parameter, 0), add(scalars.update!, learningRate))
    return { parameter: value, slots: { last: value, beforeLast: slots.last! } }
  },
}

const images: Metric = {
  name: 'images seen',
  higherIsBetter: true,
  create() {
    let seen = 0
    return {
      update(_logits, _labels, count) {
        seen += count
      },
      result: () => seen,
      save: () => seen,
      load(state) {
        seen = Number(state)
      },
    }
  },
}

describe('fit with parts of one’s own', () => {
  it('trains with a loss, which evaluation measures too', async () => {
    const model = await tinyModel()
    const { history } = await fit(model, train, {
      epochs: 15,
      batchSize: 6,
      loss: squaredError,
      validation: train,
    })
    expect(history[14]?.val_loss).toBeLessThan((history[0]?.val_loss as number) / 2)
    expect((await evaluate(model, train, { loss: squaredError })).loss).toBeCloseTo(
      history[14]?.val_loss as number,
      6,
    )
  })

  it('feeds an optimizer the number of the update, from 1, and the schedule’s rate', async () => {
    const model = await tinyModel()
    const slots: number[] = []
    const result = await fit(model, train, {
      epochs: 2,
      batchSize: 4,
      optimizer: clock,
      schedule: ({ step, steps, stepsPerEpoch }) => step + steps / 100 + stepsPerEpoch / 1000,
      callbacks: [
        {
          name: 'slots',
          async onBatchEnd(_batch, _logs, context) {
            const { optimizer } = await context.snapshot()
            slots.push(optimizer.get('optimizer.beforeLast.head.bias')?.data[0] as number)
          },
        },
      ],
    })
    const values = [0, 1, 2, 3, 4, 5].map((step) => Math.fround(step + 1 + 10 * (step + 0.06 + 0.003)))
    values.forEach((value, step) => {
      if (step < 5) expect(slots[step + 1]).toBeCloseTo(value, 4)
    })
    expect(slots[0]).toBe(5)
    expect(model.weights.get('head.bias')?.data[0]).toBeCloseTo(values[5] as number, 4)
    expect(result.history[1]?.lr).toBeCloseTo(50.63, 9)
  })

  it('logs a metric by its name', async () => {
    const { history } = await fit(await tinyModel(), train, {
      epochs: 2,
      batchSize: 5,
      metrics: [images],
      validation: train,
    })
    expect(history[1]).toMatchObject({ 'images seen': 10, 'val_images seen': 12 })
  })
})
