import type { Reduction, ReductionOp } from '../ops/attributes.js'
import type { KernelsFor, NdArray } from './kernel.js'
import { broadcastOffsets } from './offsets.js'

export const reductionKernels: KernelsFor<ReductionOp> = {
  sum: ([x], [y], attributes) => accumulate(x, y, attributes, 1),
  mean: ([x], [y], attributes) => accumulate(x, y, attributes, y.data.length / x.data.length),
}

/** Adds each element of x, times `weight`, to the element of y that its kept axes name. */
function accumulate(x: NdArray, y: NdArray, { axes }: Reduction, weight: number): void {
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
  const to = broadcastOffsets(kept, x.shape)
  x.data.forEach((value, i) => {
    y.data[to[i]!]! += value * weight
  })
}
