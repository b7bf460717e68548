import type { Dataset, Model, Pixels } from '@convkit/core'

declare const model: Model
declare const validation: Dataset
declare const image: Pixels

// #region evaluate
import { describeShare, evaluate } from '@convkit/train'

export const { metrics, images, perClass, confusion } = await evaluate(
  model,
  validation,
)
const { top1 = 0 } = metrics
// with its 95 % interval
console.log(describeShare('top-1', Math.round(top1 * images), images))

// #endregion evaluate

// #region test-time
import { testTime } from '@convkit/augment'

const tenCrop = testTime(model, 'ten-crop', { average: 'geometric' })
export const [best] = await tenCrop.predict(image, { top: 1 })
await tenCrop.dispose()

// #endregion test-time

// #region dense
import { ensemble, toFullyConvolutional } from '@convkit/core'

const whole = toFullyConvolutional(model, { shorterSide: 384 })
const both = ensemble([whole, testTime(model, 'multi-scale')])
export const answer = await both.predict(image)
// #endregion dense
