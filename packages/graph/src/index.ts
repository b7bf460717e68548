export { activationBytes } from './analysis/activation-bytes.js'
export { type Layer, layers } from './analysis/layers.js'
export { countMacs, macs } from './analysis/macs.js'
export { type ReceptiveField, receptiveField } from './analysis/receptive-field.js'
export { ConvkitError, type ErrorCode } from './error.js'
export { gradients } from './gradients/gradients.js'
export { type BuiltNode, handleNode, type NodeHandler, type NodeHandlers } from './node-handler.js'
export type {
  AveragePool2dAttributes,
  Conv2dAttributes,
  ConvolutionOp,
  ElementwiseOp,
  NormalizationOp,
  OpAttributes,
  OpName,
  Padding2d,
  Pair,
  Pool2dAttributes,
  PoolingOp,
  RandomFill,
  Reduction,
  ReductionOp,
  ResizeCoordinates,
  ShapeOp,
  SourceOp,
} from './ops/attributes.js'
export {
  type Conv2dOptions,
  conv2d,
  conv2dFilterGradient,
  conv2dInputGradient,
  dense,
  type MatmulOptions,
  matmul,
} from './ops/convolution.js'
export {
  abs,
  add,
  cast,
  clip,
  divide,
  equal,
  erf,
  exp,
  gelu,
  greater,
  hardSigmoid,
  hardSwish,
  log,
  maximum,
  minimum,
  multiply,
  negate,
  type Operand,
  power,
  relu,
  relu6,
  relu6Gradient,
  reluGradient,
  select,
  sigmoid,
  sign,
  silu,
  sqrt,
  square,
  stopGradient,
  subtract,
  tanh,
} from './ops/elementwise.js'
export {
  type BatchNormOutputs,
  batchNormInfer,
  batchNormTrain,
  batchNormTrainGradient,
  type LocalResponseNormOptions,
  layerNorm,
  localResponseNorm,
  logSoftmax,
  softmax,
} from './ops/normalization.js'
export {
  type AveragePool2dOptions,
  averagePool2d,
  averagePool2dGradient,
  maxPool2d,
  maxPool2dGradient,
  type Pool2dOptions,
} from './ops/pooling.js'
export { globalAveragePool, mean, type ReductionOptions, sum } from './ops/reduction.js'
export {
  broadcastTo,
  concat,
  flatten,
  oneHot,
  pad,
  reshape,
  resizeBilinear,
  resizeBilinearGradient,
  slice,
  sliceGradient,
  transpose,
} from './ops/shape.js'
export { constant, input, state, vector } from './ops/sources.js'
export {
  explicitPadding,
  isDenseConvolution,
  type PaddingOption,
  type PairOption,
  toPair,
} from './ops/window.js'
export { foldBatchNorm } from './passes/fold-batch-norm.js'
export { type Replace, rewrite } from './passes/rewrite.js'
export type { Program, Signature, StateSpec } from './program.js'
export {
  type AnyNode,
  type DType,
  formatShape,
  type Node,
  type Shape,
  type SymbolicTensor,
  sameShape,
  sizeOf,
  type TensorData,
} from './tensor.js'
export { topologicalOrder } from './traverse.js'
