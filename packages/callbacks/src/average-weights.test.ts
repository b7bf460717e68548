import type { SchedulePosition } from '@convkit/core'
import { evaluate, fit } from '@convkit/train'
import { expect, test } from 'vitest'
import { type AverageWeightsOptions, averageWeights } from './average-weights.js'
import { tinyTraining } from './testing/tiny-training.js'

const ratesOf = (options: AverageWeightsOptions, positions: readonly SchedulePosition[]) =>
  positions.map((position) => averageWeights(options).averaging?.rate(position))

test('the decay warms up as timm’s does', () => {
  const steps = [1, 2, 3, 10, 100, 1000, 400_000, 2_000_000]
  const rates = ratesOf(
    {},
    steps.map((step) => ({ step: step - 1, steps: 3e6, stepsPerEpoch: 100 })),
  )
  // 1 − timm.utils.ModelEmaV3(…, decay=0.9998, use_warmup=True).get_decay(step)
  const timm = [
    1, 0.6299605249474366, 0.4807498567691362, 0.21544346900318834, 0.04641588833612775, 0.01, 0.0002, 0.0002,
  ]
  for (const [i, rate] of rates.entries()) expect(rate).toBeCloseTo(timm[i] as number, 12)
})

test('without a warm-up the first step is taken as it is, every other one by the decay', () => {
  const positions = [0, 1, 2].map((step) => ({ step, steps: 9, stepsPerEpoch: 3 }))
  expect(ratesOf({ warmup: false, decay: 0.75 }, positions)).toEqual([1, 0.25, 0.25])
})

test('a stochastic average is the mean of the last epochs’ ends', () => {
  const positions = Array.from({ length: 8 }, (_, step) => ({ step, steps: 8, stepsPerEpoch: 2 }))
  expect(ratesOf({ kind: 'stochastic', start: 0.5 }, positions)).toEqual([1, 1, 1, 1, 1, 1, 0, 1 / 2])
  let average = 0
  positions.forEach((position, weights) => {
    const rate = averageWeights({ kind: 'stochastic', start: 0.25 }).averaging?.rate(position) as number
    average += rate * (weights - average)
  })
  expect(average).toBe((3 + 5 + 7) / 3)
})

test.each([{ kind: 'exponential' }, { kind: 'stochastic', start: 0.3 }] as const)(
  'a training is evaluated by its average, and ends with it: %j',
  async (options) => {
    const { model, train, validation } = await tinyTraining()
    const given = { validation, epochs: 3, batchSize: 4 }
    const { history } = await fit(model, train, { ...given, callbacks: [averageWeights(options)] })
    const { loss } = await evaluate(model, validation, { batchSize: 4 })
    expect(loss).toBeCloseTo(history.at(-1)?.val_loss as number, 12)

    const plain = await tinyTraining()
    await fit(plain.model, train, given)
    expect([...plain.model.weights]).not.toEqual([...model.weights])
  },
)

test('what is out of range is said', () => {
  expect(() => averageWeights({ decay: 1 })).toThrow('decay must be in [0, 1), got 1')
})
