import type { DType, Shape, TensorData } from '../tensor.js'

/** Top, bottom, left and right, in pixels. */
export type Padding2d = readonly [top: number, bottom: number, left: number, right: number]
export type Pair = readonly [height: number, width: number]

export interface Window2d {
  readonly strides: Pair
  readonly padding: Padding2d
}

export interface Conv2dAttributes extends Window2d {
  readonly dilations: Pair
  readonly groups: number
}

export interface Pool2dAttributes extends Window2d {
  readonly size: Pair
  /** Round the output size up, so that the last window may hang over the bottom and right border. */
  readonly ceilMode: boolean
}

export interface AveragePool2dAttributes extends Pool2dAttributes {
  /** Whether padded zeros count in the divisor. What `ceilMode` hangs over the padded border never counts. */
  readonly countPadding: boolean
}

export interface Reduction {
  readonly axes: readonly number[]
  readonly keepDims: boolean
}

/** How bilinear resizing maps an output pixel to an input position. */
export type ResizeCoordinates = 'half-pixel' | 'align-corners'

/**
 * What the host draws for an input before each run: `bernoulli` is `1 / keep` with probability `keep`, else 0
 * (inverted dropout: the expected value is 1).
 */
export interface RandomFill {
  readonly distribution: 'bernoulli'
  readonly keep: number
}

type None = Readonly<Record<never, never>>

/** Where values come from. */
export interface SourceAttributes {
  input: { readonly name: string; readonly fill?: RandomFill }
  state: { readonly name: string }
  constant: { readonly value: TensorData }
}

/** Ops on each element; those of two and three inputs broadcast. */
export interface ElementwiseAttributes {
  // One input
  relu: None
  relu6: None
  sigmoid: None
  tanh: None
  silu: None
  hardSwish: None
  hardSigmoid: None
  gelu: None
  exp: None
  log: None
  sqrt: None
  abs: None
  sign: None
  erf: None
  negate: None
  power: { readonly exponent: number }
  cast: { readonly dtype: DType }
  stopGradient: None
  /** (dy, y): dy where 0 < y. */
  reluGradient: None
  /** (dy, y): dy where 0 < y < 6. */
  relu6Gradient: None

  // Two inputs that broadcast
  add: None
  subtract: None
  multiply: None
  divide: None
  maximum: None
  minimum: None
  greater: None
  equal: None
  /** (condition, a, b) */
  select: None
}

/** Sums and means over axes. */
export interface ReductionAttributes {
  sum: Reduction
  mean: Reduction
}

/** Matrix products and convolutions, with the gradients of these. */
export interface ConvolutionAttributes {
  matmul: { readonly transposeA: boolean; readonly transposeB: boolean }
  conv2d: Conv2dAttributes
  /** (dy, filter) */
  conv2dInputGradient: Conv2dAttributes & { readonly inputShape: Shape }
  /** (x, dy) */
  conv2dFilterGradient: Conv2dAttributes & { readonly filterShape: Shape }
}

/** Pools and their gradients. */
export interface PoolingAttributes {
  maxPool2d: Pool2dAttributes
  /** (x, y, dy); of equal values in a window the first, row by row, takes the gradient. */
  maxPool2dGradient: Pool2dAttributes
  averagePool2d: AveragePool2dAttributes
  /** (dy) */
  averagePool2dGradient: AveragePool2dAttributes & { readonly inputShape: Shape }
}

/** Over the last axis as channels. */
export interface NormalizationAttributes {
  /** (x, scale, offset) → y, batch mean, biased batch variance */
  batchNormTrain: { readonly epsilon: number }
  /** (dy, x, scale, mean, variance) → dx, dscale, doffset */
  batchNormTrainGradient: { readonly epsilon: number }
  /** (x, scale, offset, mean, variance) */
  batchNormInfer: { readonly epsilon: number }
  /** (x, scale, offset) */
  layerNorm: { readonly epsilon: number }
  localResponseNorm: {
    readonly size: number
    readonly alpha: number
    readonly beta: number
    readonly bias: number
  }
  softmax: None
  logSoftmax: None
}

/** Ops that arrange elements. */
export interface ShapeAttributes {
  reshape: { readonly shape: Shape }
  transpose: { readonly permutation: readonly number[] }
  broadcastTo: { readonly shape: Shape }
  concat: { readonly axis: number }
  slice: {
    readonly starts: readonly number[]
    readonly sizes: readonly number[]
    readonly strides: readonly number[]
  }
  /** Zeros of `inputShape` with dy at the positions that the slice read. */
  sliceGradient: {
    readonly starts: readonly number[]
    readonly strides: readonly number[]
    readonly inputShape: Shape
  }
  pad: { readonly before: readonly number[]; readonly after: readonly number[]; readonly value: number }
  resizeBilinear: { readonly size: Pair; readonly coordinates: ResizeCoordinates }
  /** (dy) */
  resizeBilinearGradient: { readonly inputSize: Pair; readonly coordinates: ResizeCoordinates }
  oneHot: { readonly depth: number }
}

/**
 * Every op of the graph with its attributes: the vocabulary that gradients, the reference evaluator and each
 * engine's lowering cover, checked by the compiler (`{ [K in OpName]: … }`).
 */
export interface OpAttributes
  extends SourceAttributes,
    ElementwiseAttributes,
    ReductionAttributes,
    ConvolutionAttributes,
    PoolingAttributes,
    NormalizationAttributes,
    ShapeAttributes {}

export type OpName = keyof OpAttributes

export type SourceOp = keyof SourceAttributes
export type ElementwiseOp = keyof ElementwiseAttributes
export type ReductionOp = keyof ReductionAttributes
export type ConvolutionOp = keyof ConvolutionAttributes
export type PoolingOp = keyof PoolingAttributes
export type NormalizationOp = keyof NormalizationAttributes
export type ShapeOp = keyof ShapeAttributes
