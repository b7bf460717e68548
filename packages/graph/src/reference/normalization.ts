import type { NormalizationOp } from '../ops/attributes.js'
import type { KernelsFor, NdArray } from './kernel.js'

export const normalizationKernels: KernelsFor<NormalizationOp> = {
  batchNormTrain: ([x, scale, offset], [y, mean, variance], { epsilon }) => {
    const channels = scale.data.length
    const count = x.data.length / channels
    x.data.forEach((value, i) => {
      mean.data[i % channels]! += value / count
    })
    x.data.forEach((value, i) => {
      variance.data[i % channels]! += (value - mean.data[i % channels]!) ** 2 / count
    })
    normalize(x, { scale, offset, mean, variance }, epsilon, y)
  },

  // dx = scale/σ · (dy − mean(dy) − x̂ · mean(dy · x̂)), with x̂ = (x − mean)/σ
  batchNormTrainGradient: ([dy, x, scale, mean, variance], [dx, dscale, doffset], { epsilon }) => {
    const channels = scale.data.length
    const count = x.data.length / channels
    const deviation = variance.data.map((value) => Math.sqrt(value + epsilon))
    const normalized = x.data.map((value, i) => (value - mean.data[i % channels]!) / deviation[i % channels]!)
    dy.data.forEach((value, i) => {
      dscale.data[i % channels]! += value * normalized[i]!
      doffset.data[i % channels]! += value
    })
    dy.data.forEach((value, i) => {
      const c = i % channels
      const centred = value - doffset.data[c]! / count - (normalized[i]! * dscale.data[c]!) / count
      dx.data[i] = (scale.data[c]! / deviation[c]!) * centred
    })
  },

  batchNormInfer: ([x, scale, offset, mean, variance], [y], { epsilon }) =>
    normalize(x, { scale, offset, mean, variance }, epsilon, y),

  layerNorm: ([x, scale, offset], [y], { epsilon }) =>
    forEachPosition(x, y, (values) => {
      const mean = average(values)
      const deviation = Math.sqrt(average(values.map((value) => (value - mean) ** 2)) + epsilon)
      return values.map((value, c) => ((value - mean) / deviation) * scale.data[c]! + offset.data[c]!)
    }),

  localResponseNorm: ([x], [y], { size, alpha, beta, bias }) =>
    forEachPosition(x, y, (values) => {
      const reach = (size - 1) / 2
      return values.map((value, c) => {
        const neighbours = values.subarray(Math.max(0, c - reach), c + reach + 1)
        return value / (bias + (alpha / size) * total(neighbours.map((near) => near ** 2))) ** beta
      })
    }),

  softmax: ([x], [y]) => forEachPosition(x, y, (values) => logSoftmax(values).map(Math.exp)),
  logSoftmax: ([x], [y]) => forEachPosition(x, y, logSoftmax),
}

function logSoftmax(values: Float64Array): Float64Array {
  const greatest = Math.max(...values)
  const logTotal = Math.log(total(values.map((value) => Math.exp(value - greatest))))
  return values.map((value) => value - greatest - logTotal)
}

type Statistics = Record<'scale' | 'offset' | 'mean' | 'variance', NdArray>

function normalize(
  x: NdArray,
  { scale, offset, mean, variance }: Statistics,
  epsilon: number,
  y: NdArray,
): void {
  const channels = scale.data.length
  x.data.forEach((value, i) => {
    const c = i % channels
    const normalized = (value - mean.data[c]!) / Math.sqrt(variance.data[c]! + epsilon)
    y.data[i] = normalized * scale.data[c]! + offset.data[c]!
  })
}

/** Computes y from x one row of the last axis at a time. */
function forEachPosition(x: NdArray, y: NdArray, compute: (values: Float64Array) => Float64Array): void {
  const channels = x.shape.at(-1) ?? 1
  for (let start = 0; start < x.data.length; start += channels) {
    y.data.set(compute(x.data.subarray(start, start + channels)), start)
  }
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}

function average(values: Float64Array): number {
  return total(values) / values.length
}
