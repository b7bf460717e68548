import type { Model, Pixels } from '@convkit/core'

declare const model: Model
declare const image: Pixels

// #region use
import { testTime } from '@convkit/augment'

for (const method of [
  'flip',
  'five-crop',
  'ten-crop',
  'multi-scale',
  'dense',
] as const) {
  const classifier = testTime(model, method)
  console.log(method, await classifier.predict(image, { top: 1 }))
  await classifier.dispose()
}
// #endregion use
