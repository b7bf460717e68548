// #region weights
import { createModel } from '@convkit/core'
import { weightsTags } from '@convkit/weights'
import '@convkit/engine-onnx/register'
import '@convkit/weights/register'
import '@convkit/zoo/register'

// tags with licence, classes, preprocessing, accuracy
console.log(weightsTags('resnet18'))
const model = await createModel('resnet18', {
  weights: 'a1_in1k',
  classes: ['cat', 'dog'],
})
console.log(model.pretrained) // { source, newHead, notes }
// #endregion weights
