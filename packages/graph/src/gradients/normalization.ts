import type { NormalizationOp } from '../ops/attributes.js'
import { add, divide, multiply, power, sqrt, square, subtract } from '../ops/elementwise.js'
import { batchNormTrainGradient, softmax } from '../ops/normalization.js'
import { mean, sum } from '../ops/reduction.js'
import { pad, slice } from '../ops/shape.js'
import type { SymbolicTensor } from '../tensor.js'
import { inputsOf, type One, outputOf, type RulesFor, type Three } from './rule.js'

export const normalizationRules: RulesFor<NormalizationOp> = {
  batchNormTrain: (node, dy) => {
    const [x, scale] = inputsOf<Three>(node)
    const [, batchMean, variance] = node.outputs as Three
    return batchNormTrainGradient(dy, x, scale, batchMean, variance, node.attributes.epsilon)
  },
  batchNormTrainGradient: undefined,

  batchNormInfer: (node, dy) => {
    const [x, scale, , runningMean, variance] = node.inputs as [...Three, ...Three]
    const inverse = divide(1, sqrt(add(variance, node.attributes.epsilon)))
    const factor = multiply(scale, inverse)
    const centred = subtract(x, runningMean)
    const dscale = multiply(sumToChannels(multiply(dy, centred)), inverse)
    const doffset = sumToChannels(dy)
    const dvariance = multiply(multiply(dscale, scale), multiply(multiply(inverse, inverse), -0.5))
    return [multiply(dy, factor), dscale, doffset, multiply(multiply(doffset, factor), -1), dvariance]
  },

  layerNorm: (node, dy) => {
    const [x, scale] = inputsOf<Three>(node)
    const overChannels = (t: SymbolicTensor) => mean(t, { axes: [-1], keepDims: true })
    const centred = subtract(x, overChannels(x))
    const inverse = divide(1, sqrt(add(overChannels(square(centred)), node.attributes.epsilon)))
    const normalized = multiply(centred, inverse)
    const g = multiply(dy, scale)
    const projected = multiply(normalized, overChannels(multiply(g, normalized)))
    const dx = multiply(inverse, subtract(subtract(g, overChannels(g)), projected))
    return [dx, sumToChannels(multiply(dy, normalized)), sumToChannels(dy)]
  },

  // With d = bias + alpha/n · W(x²) and W the window sum, which is its own adjoint:
  // dx = dy·d^−β − 2·alpha·β/n · x · W(dy · x · d^−(β+1))
  localResponseNorm: (node, dy) => {
    const [x] = inputsOf<One>(node)
    const { size, alpha, beta, bias } = node.attributes
    const d = add(multiply(channelWindowSum(square(x), size), alpha / size), bias)
    const direct = multiply(dy, power(d, -beta))
    const indirect = channelWindowSum(multiply(multiply(dy, x), power(d, -beta - 1)), size)
    return [subtract(direct, multiply(multiply(x, indirect), (2 * alpha * beta) / size))]
  },

  softmax: (node, dy) => {
    const y = outputOf(node)
    return [multiply(y, subtract(dy, sum(multiply(dy, y), { axes: [-1], keepDims: true })))]
  },
  logSoftmax: (node, dy) => {
    const [x] = inputsOf<One>(node)
    return [subtract(dy, multiply(softmax(x), sum(dy, { axes: [-1], keepDims: true })))]
  },
}

/** `[..., c]` → `[c]` */
function sumToChannels(x: SymbolicTensor): SymbolicTensor {
  return sum(x, { axes: x.shape.slice(0, -1).map((_, axis) => axis) })
}

/** Sum over a centred window of `size` (odd) neighbours on the last axis: `[..., c]` → `[..., c]`. */
function channelWindowSum(x: SymbolicTensor, size: number): SymbolicTensor {
  const reach = (size - 1) / 2
  const margin = x.shape.map((_, axis) => (axis === x.shape.length - 1 ? reach : 0))
  const padded = pad(x, margin, margin)
  const shifted = Array.from({ length: size }, (_, offset) => {
    const starts = x.shape.map((_, axis) => (axis === x.shape.length - 1 ? offset : 0))
    return slice(padded, starts, x.shape)
  })
  return shifted.reduce(add)
}
