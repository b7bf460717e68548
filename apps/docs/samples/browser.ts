// #region browser
import { createModel, createRegistry } from '@convkit/core'
import { onnxWebEngine } from '@convkit/engine-onnx/web'
import zoo from '@convkit/zoo'

export const model = await createModel('resnet18', {
  registry: createRegistry(zoo),
  engine: await onnxWebEngine({ device: 'webgpu' }), // or 'cpu': WebAssembly
})
// #endregion browser
