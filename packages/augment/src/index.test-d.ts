import type { Augmentation, BatchMix, ImageTransform, RandomCrop } from '@convkit/core'
import { expectTypeOf, test } from 'vitest'
import {
  type AugmentationData,
  augmentation,
  autoAugment,
  colorJitter,
  cutMix,
  mixUp,
  oneOf,
  oneOfMixes,
  randomResizedCrop,
  randomRotation,
  type testTime,
} from './index.js'

test('parts are checked by the compiler', () => {
  expectTypeOf(randomResizedCrop({ scale: [0.5, 1] })).toEqualTypeOf<RandomCrop>()
  expectTypeOf(
    oneOf([colorJitter({ brightness: 0.4 }), randomRotation({ degrees: [0, 90] })]),
  ).toEqualTypeOf<ImageTransform>()
  expectTypeOf(oneOfMixes([mixUp(), cutMix()])).toEqualTypeOf<BatchMix>()
  expectTypeOf(augmentation({ mix: mixUp() })).toEqualTypeOf<Augmentation>()
  // @ts-expect-error a misspelt option
  colorJitter({ brightnes: 0.4 })
  // @ts-expect-error a range has two ends
  randomResizedCrop({ scale: [0.5] })
  // @ts-expect-error no policy was learned on it
  autoAugment({ policy: 'mnist' })
  // @ts-expect-error a mix is no transform
  augmentation({ transforms: [mixUp()] })
})

test('ways to test are known by name', () => {
  expectTypeOf<Parameters<typeof testTime>[1]>()
    .extract<string>()
    .toEqualTypeOf<'flip' | 'five-crop' | 'ten-crop' | 'multi-scale' | 'dense'>()
})

test('data has the shape of a file', () => {
  expectTypeOf<{
    transforms: ['horizontal-flip', { name: 'rotation'; degrees: 10 }]
  }>().toExtend<AugmentationData>()
})
