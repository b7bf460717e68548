import * as g from '@convkit/graph'
import type { AgreementCase, InputSpec } from '../agreement.js'

export type Tensor = g.SymbolicTensor

export type Build = AgreementCase['build']

export type Cases = Readonly<Record<string, AgreementCase>>

export const image: g.Shape = [2, 5, 7, 3]

export const positive = (shape: g.Shape): InputSpec => ({ shape, range: [0.1, 3] })

export const int32 = (shape: g.Shape): InputSpec => ({ shape, dtype: 'int32', range: [-3, 3] })

export const bool = (shape: g.Shape): InputSpec => ({ shape, dtype: 'bool' })

export const uint8 = (shape: g.Shape): InputSpec => ({ shape, dtype: 'uint8' })

export const weight = (shape: g.Shape): InputSpec => ({ shape, isState: true })

/** y, as a graph that has it channels-first if that differs. */
export const pooled = (x: Tensor) => g.maxPool2d(x, { size: 1 })

export function asLayout(x: Tensor): Tensor {
  return x.shape.length === 4 ? pooled(x) : x
}

export function mapCases<T>(cases: Readonly<Record<string, T>>, to: (value: T) => AgreementCase): Cases {
  return Object.fromEntries(Object.entries(cases).map(([name, value]) => [name, to(value)]))
}

/** Gradients of a sum in which every element of y has its own weight. */
export const slopes = (y: Tensor, wrt: readonly Tensor[]): Tensor[] => {
  const weights = g.vector(
    Array.from({ length: g.sizeOf(y.shape) }, (_, i) => Math.sin(i + 1)),
    y.shape,
  )
  return g.gradients(g.sum(g.multiply(y, weights)), wrt)
}
