import { fit, sgd } from '@convkit/train'
import { expect, test } from 'vitest'
import { plateauFactor, reduceLrOnPlateau } from './reduce-lr-on-plateau.js'
import { tinyTraining } from './testing/tiny-training.js'

const history = (values: readonly number[]) => values.map((val_loss) => ({ val_loss, lr: 1 }))
const options = { patience: 2, factor: 0.5 }

test.each([
  ['improvements', [5, 4, 3, 2], options, 1],
  ['two epochs without one', [5, 5, 5], options, 0.5],
  ['two epochs without one, twice', [5, 5, 5, 5, 5], options, 0.25],
  ['a change that is too small', [5, 4.99, 4.98], { ...options, minDelta: 0.1 }, 0.5],
  ['NaN', [5, Number.NaN, Number.NaN], options, 0.5],
  ['the rest after a reduction', [5, 5, 5, 5, 5], { ...options, cooldown: 2 }, 0.5],
  ['the least rate', [5, 5, 5], { ...options, minLr: 0.8 }, 0.8],
  ['a rate that is the least one', [5, 5, 5], { ...options, minLr: 1 }, 1],
] as const)('%s', (_name, values, given, factor) => {
  expect(plateauFactor(history(values), given)).toBeCloseTo(factor, 12)
})

test('a training goes on at the reduced rate, and a resumed one too', async () => {
  const rates = async (epochs: number, resumed?: Parameters<typeof fit>[2]['resume']) => {
    const { model, train, validation } = await tinyTraining()
    let snapshot: typeof resumed
    // nothing is learnt at a rate of 0, so no epoch is better than the first
    const { history } = await fit(model, train, {
      validation,
      epochs,
      batchSize: 4,
      optimizer: sgd({ learningRate: 1e-12 }),
      callbacks: [
        reduceLrOnPlateau({ patience: 1, factor: 0.1 }),
        {
          name: 'keep',
          onTrainEnd: async (_logs, context) => {
            snapshot = await context.snapshot()
          },
        },
      ],
      ...(resumed && { resume: resumed }),
    })
    return { rates: history.map(({ lr }) => lr), snapshot }
  }
  const half = await rates(2)
  const whole = await rates(4)
  expect(whole.rates.map((lr) => Math.round(Math.log10(lr as number)))).toEqual([-12, -12, -13, -14])
  expect((await rates(4, half.snapshot)).rates).toEqual(whole.rates)
})

test('what it cannot do is said', async () => {
  expect(() => reduceLrOnPlateau({ factor: 1 })).toThrow('factor must be in (0, 1), got 1')
  const { model, train } = await tinyTraining()
  await expect(fit(model, train, { epochs: 1, callbacks: [reduceLrOnPlateau()] })).rejects.toThrow(
    'reduceLrOnPlateau watches val_loss, but the epoch logged',
  )
})
