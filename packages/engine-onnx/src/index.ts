export { onnxEngine, onnxProvider } from './engine.js'
export type { ModelProto } from './generated/onnx_pb.js'
export { type LoweredSignature, type LowerOptions, lowerSignature } from './lower.js'
export {
  type GraphBuilder,
  graphBuilder,
  type OnnxData,
  type OnnxGraph,
  type OnnxValue,
} from './onnx/graph-builder.js'
export { type ExternalData, encodeModel, type ModelOptions, type OnnxModel, toModel } from './onnx/model.js'
export { type Attributes, type AttributeValue, float, type OnnxNode } from './onnx/node.js'
export { default } from './plugin.js'
