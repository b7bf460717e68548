import type { Dataset, Model } from '@convkit/core'
import type { FitResult } from '@convkit/train'
import { expectTypeOf, test } from 'vitest'
import { fineTune, prepare, type StrategyName, thaw } from './index.js'

declare const model: Model
declare const data: Dataset

test('fineTune takes what fit takes, but says itself what is frozen', () => {
  expectTypeOf(
    fineTune(model, data, { epochs: 3, freezeEpochs: 1, batchSize: 8 }),
  ).resolves.toEqualTypeOf<FitResult>()
  // @ts-expect-error: phases are what it makes
  fineTune(model, data, { epochs: 3, phases: [] })
  // @ts-expect-error: epochs are needed
  fineTune(model, data, {})
})

test('strategies and steps are checked', () => {
  expectTypeOf<StrategyName>().toEqualTypeOf<
    'feature-extraction' | 'fine-tune-top' | 'fine-tune-all' | 'shallow-features'
  >()
  // @ts-expect-error: no such strategy
  prepare('fine-tune', model, data)
  thaw(model, [{ epoch: 0, frozen: { upTo: 'layer2' }, learningRates: { decay: 0.5 } }])
  // @ts-expect-error: no such way to freeze
  thaw(model, [{ epoch: 0, frozen: 'head' }])
})
