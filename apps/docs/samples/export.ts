// #region export
import { loadModel } from '@convkit/core/node'
import { imageFolder } from '@convkit/data'
import { exportModel } from '@convkit/export'
import '@convkit/engine-onnx/register'
import '@convkit/zoo/register'

const model = await loadModel('runs/train-1/model')
await exportModel(model, { format: 'onnx', out: 'flowers.onnx' })
await exportModel(model, {
  format: 'tfjs',
  out: 'public/flowers',
  input: 'pixels',
})

// 8 bits: the ranges of values come from about a hundred images
const { train } = await imageFolder('photos')
const samples = await Promise.all(
  Array.from({ length: 100 }, (_, index) => train.item(index)),
)
const calibration = samples.map(({ pixels }) => pixels)
export const { bytes, floatBytes } = await exportModel(model, {
  format: 'onnx',
  out: 'flowers-int8.onnx',
  calibration,
})
// #endregion export
