// #region browser
import { createModel, createRegistry } from '@convkit/core'
import { onnxWebEngine } from '@convkit/engine-onnx/web'
import zoo from '@convkit/zoo'

export const model = await createModel('resnet18', {
  registry: createRegistry(zoo),
  // or 'cpu': WebAssembly
  engine: await onnxWebEngine({ device: 'webgpu' }),
})
// #endregion browser
