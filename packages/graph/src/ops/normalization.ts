import { apply, applySingle, type Shape, type SymbolicTensor } from '../tensor.js'
import type { OpName } from './attributes.js'
import { expectFloat, shapeError } from './checks.js'

export interface BatchNormOutputs {
  readonly y: SymbolicTensor
  /** `[c]`, over the batch and all positions; carries no gradient. */
  readonly mean: SymbolicTensor
  /** `[c]`, biased (divided by the count); carries no gradient. */
  readonly variance: SymbolicTensor
}

/**
 * Batch normalisation by the batch's own statistics: `[..., c]`, scale and offset `[c]` → `[..., c]`
 * (Ioffe and Szegedy 2015).
 */
export function batchNormTrain(
  x: SymbolicTensor,
  scale: SymbolicTensor,
  offset: SymbolicTensor,
  epsilon = 1e-5,
): BatchNormOutputs {
  const channels = expectChannelVectors('batchNormTrain', [x, scale, offset])
  const outputs = [{ shape: x.shape }, { shape: channels }, { shape: channels }]
  const [y, mean, variance] = apply('batchNormTrain', [x, scale, offset], { epsilon }, outputs) as Triple
  return { y, mean, variance }
}

/** Gradients of {@link batchNormTrain} to x, scale and offset. */
export function batchNormTrainGradient(
  dy: SymbolicTensor,
  x: SymbolicTensor,
  scale: SymbolicTensor,
  mean: SymbolicTensor,
  variance: SymbolicTensor,
  epsilon: number,
): Triple {
  const outputs = [{ shape: x.shape }, { shape: scale.shape }, { shape: scale.shape }]
  return apply('batchNormTrainGradient', [dy, x, scale, mean, variance], { epsilon }, outputs) as Triple
}

/** Batch normalisation by given statistics: `[..., c]` and four `[c]` → `[..., c]`. */
export function batchNormInfer(
  x: SymbolicTensor,
  scale: SymbolicTensor,
  offset: SymbolicTensor,
  mean: SymbolicTensor,
  variance: SymbolicTensor,
  epsilon = 1e-5,
): SymbolicTensor {
  const inputs = [x, scale, offset, mean, variance]
  expectChannelVectors('batchNormInfer', inputs)
  return applySingle('batchNormInfer', inputs, { epsilon }, x.shape)
}

/** Normalises each position over its channels: `[..., c]`, scale and offset `[c]` → `[..., c]` (Ba et al. 2016). */
export function layerNorm(
  x: SymbolicTensor,
  scale: SymbolicTensor,
  offset: SymbolicTensor,
  epsilon = 1e-6,
): SymbolicTensor {
  expectChannelVectors('layerNorm', [x, scale, offset])
  return applySingle('layerNorm', [x, scale, offset], { epsilon }, x.shape)
}

export interface LocalResponseNormOptions {
  /** Channels in the window, an odd number; 5 in AlexNet. */
  readonly size?: number
  readonly alpha?: number
  readonly beta?: number
  readonly bias?: number
}

/**
 * `x / (bias + alpha / size · Σ x²)^beta`, the sum over `size` neighbouring channels, as AlexNet (Krizhevsky et
 * al. 2012) and Caffe have it: alpha is divided by the size.
 */
export function localResponseNorm(x: SymbolicTensor, options: LocalResponseNormOptions = {}): SymbolicTensor {
  const { size = 5, alpha = 1e-4, beta = 0.75, bias = 1 } = options
  if (size < 1 || size % 2 === 0)
    throw shapeError('localResponseNorm', [x], `size must be odd, but is ${size}`)
  expectFloat('localResponseNorm', [x])
  return applySingle('localResponseNorm', [x], { size, alpha, beta, bias }, x.shape)
}

/** exp(x) / Σ exp(x) over the last axis. */
export function softmax(x: SymbolicTensor): SymbolicTensor {
  expectFloat('softmax', [x])
  return applySingle('softmax', [x], {}, x.shape)
}

/** log(softmax(x)) over the last axis, without overflow. */
export function logSoftmax(x: SymbolicTensor): SymbolicTensor {
  expectFloat('logSoftmax', [x])
  return applySingle('logSoftmax', [x], {}, x.shape)
}

type Triple = [SymbolicTensor, SymbolicTensor, SymbolicTensor]

function expectChannelVectors(op: OpName, inputs: readonly SymbolicTensor[]): Shape {
  expectFloat(op, inputs)
  const channels = inputs[0]?.shape.at(-1)
  for (const { shape } of inputs.slice(1)) {
    if (shape.length !== 1 || shape[0] !== channels) {
      throw shapeError(op, inputs, `scale, offset and statistics must be [${channels}], one value a channel`)
    }
  }
  return [channels ?? 0]
}
