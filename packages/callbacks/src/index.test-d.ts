import type { Callback } from '@convkit/core'
import { cosine } from '@convkit/train'
import { expectTypeOf, test } from 'vitest'
import { averageWeights, lambda, type learningRate, tensorboard, timer } from './index.js'

test('options are checked', () => {
  expectTypeOf(averageWeights).returns.toEqualTypeOf<Callback>()
  // @ts-expect-error there is no such average
  averageWeights({ kind: 'median' })
  // @ts-expect-error event files need a folder
  tensorboard({})
})

test('a schedule of the trainer is one for learningRate', () => {
  expectTypeOf(cosine()).toExtend<Parameters<typeof learningRate>[0]['schedule']>()
})

test('hooks of lambda have their arguments', () => {
  lambda({
    onEpochEnd(epoch, logs) {
      expectTypeOf(epoch).toEqualTypeOf<number>()
      expectTypeOf(logs.loss).toEqualTypeOf<number | undefined>()
    },
  })
  expectTypeOf(timer().seconds().total).toEqualTypeOf<number>()
})
