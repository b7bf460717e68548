import type { ElementType } from './node.js'

interface OpTypes {
  /** Type attributes, each with the position of the input that has the type; from the end if negative. */
  readonly types: Readonly<Record<string, number>>
  /** The type of what the op makes; by default the one that its attributes give, or that of its first type. */
  readonly result?: ElementType
}

const T: OpTypes = { types: { T: 0 } }
const second: OpTypes = { types: { T: 1 } }
const comparison: OpTypes = { types: { T: 0 }, result: 'bool' }
const reduction: OpTypes = { types: { T: 0, Tidx: 1 } }
const slicing: OpTypes = { types: { T: 0, Index: 1 } }
const padding: OpTypes = { types: { T: 0, Tpaddings: 1 } }
const assignment: OpTypes = { types: { dtype: 1 } }
const untyped: OpTypes = { types: {} }

/** TensorFlow's ops that lowerings use, with the type attributes that follow from their inputs. */
const ops = {
  Placeholder: untyped,
  Const: untyped,
  NoOp: untyped,
  Identity: T,
  DeepCopy: T,

  VarHandleOp: { types: {}, result: 'resource' },
  ReadVariableOp: untyped,
  AssignVariableOp: assignment,
  ResourceApplyMomentum: { types: { T: 2 } },

  Abs: T,
  AddN: T,
  AddV2: T,
  BiasAdd: T,
  Erf: T,
  Exp: T,
  Log: T,
  Maximum: T,
  Minimum: T,
  Mul: T,
  Neg: T,
  Pow: T,
  RealDiv: T,
  Reciprocal: T,
  Relu: T,
  Relu6: T,
  Relu6Grad: T,
  ReluGrad: T,
  Rsqrt: T,
  Sigmoid: T,
  Sign: T,
  Sqrt: T,
  Square: T,
  SquaredDifference: T,
  Sub: T,
  Tanh: T,
  Equal: comparison,
  Greater: comparison,
  SelectV2: second,
  Cast: { types: { SrcT: 0 } },
  Bitcast: T,

  Mean: reduction,
  Sum: reduction,

  BatchMatMulV2: T,
  MatMul: T,
  Conv2D: T,
  Conv2DBackpropFilter: T,
  Conv2DBackpropInput: second,
  DepthwiseConv2dNative: T,
  DepthwiseConv2dNativeBackpropFilter: T,
  DepthwiseConv2dNativeBackpropInput: second,

  AvgPool: T,
  AvgPoolGrad: second,
  MaxPool: T,
  MaxPoolGrad: T,

  FusedBatchNormV3: { types: { T: 0, U: 1 } },
  FusedBatchNormGradV3: { types: { T: 0, U: 3 } },
  LRN: T,
  LogSoftmax: T,
  Softmax: T,

  BroadcastTo: reduction,
  ConcatV2: { types: { T: 0, Tidx: -1 } },
  OneHot: { types: { T: 2, TI: 0 } },
  Pad: padding,
  PadV2: padding,
  Reshape: { types: { T: 0, Tshape: 1 } },
  ResizeBilinear: T,
  ResizeBilinearGrad: second,
  Slice: slicing,
  Split: second,
  StridedSlice: slicing,
  StridedSliceGrad: { types: { T: 4, Index: 0 } },
  Transpose: { types: { T: 0, Tperm: 1 } },
} satisfies Record<string, OpTypes>

export type TensorFlowOp = keyof typeof ops

export const opTypes: Readonly<Record<TensorFlowOp, OpTypes>> = ops
