import type { Dataset, Model } from '@convkit/core'
import { describe, expectTypeOf, it } from 'vitest'
import {
  adamW,
  cosine,
  crossEntropy,
  evaluate,
  type FitResult,
  fit,
  type Loss,
  type Optimizer,
  type Schedule,
  sgd,
} from './index.js'

declare const model: Model
declare const data: Dataset

describe('options', () => {
  it('are checked by the compiler', () => {
    expectTypeOf(sgd({ momentum: 0.9, nesterov: true })).toEqualTypeOf<Optimizer>()
    expectTypeOf(adamW({ betas: [0.9, 0.99] })).toEqualTypeOf<Optimizer>()
    expectTypeOf(crossEntropy({ labelSmoothing: 0.1 })).toEqualTypeOf<Loss>()
    expectTypeOf(cosine({ warmup: { epochs: 5 } })).toEqualTypeOf<Schedule>()
    // @ts-expect-error Adam has no momentum
    adamW({ momentum: 0.9 })
    // @ts-expect-error a warm-up says its unit
    cosine({ warmup: 5 })
    // @ts-expect-error epochs are needed
    fit(model, data, {})
  })

  it('give results whose values are known', () => {
    expectTypeOf(fit(model, data, { epochs: 1 })).resolves.toEqualTypeOf<FitResult>()
    expectTypeOf(evaluate(model, data)).resolves.toHaveProperty('loss').toEqualTypeOf<number>()
  })
})
