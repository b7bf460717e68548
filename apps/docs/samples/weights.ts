// #region weights
import { createModel } from '@convkit/core'
import { weightsTags } from '@convkit/weights'
import '@convkit/engine-onnx/register'
import '@convkit/weights/register'
import '@convkit/zoo/register'

console.log(weightsTags('resnet18')) // tags with licence, classes, preprocessing, accuracy
const model = await createModel('resnet18', { weights: 'a1_in1k', classes: ['cat', 'dog'] })
console.log(model.pretrained) // where they are from, and what was done to them: { source, newHead, notes }
// #endregion weights
