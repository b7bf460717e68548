// #region choose
import { createModel, register } from '@convkit/core'
import onnx, { onnxEngine } from '@convkit/engine-onnx'
import tensorflow from '@convkit/engine-tensorflow'
import zoo from '@convkit/zoo'

register(zoo, onnx, tensorflow)
export const models = [
  // auto: TensorFlow where it is set up, else ONNX Runtime

  await createModel('resnet18'),
  await createModel('resnet18', {
    engine: 'onnx',
    engineOptions: { threads: 4 },
  }),
  await createModel('resnet18', {
    engine: 'tensorflow',
    engineOptions: { precision: 'bfloat16' },
  }),
  await createModel('resnet18', {
    engine: await onnxEngine({ device: 'webgpu' }),
  }),
]
// #endregion choose
