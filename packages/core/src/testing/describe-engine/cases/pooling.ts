import * as g from '@convkit/graph'
import type { AgreementCase, InputSpec } from '../agreement.js'
import { type Cases, mapCases, type Tensor } from './shared.js'

type PoolCase = [x: g.Shape, options: g.AveragePool2dOptions]

const pools: Record<string, PoolCase> = {
  '2x2': [[2, 6, 8, 3], { size: 2 }],
  '2x2, odd': [[2, 7, 5, 3], { size: 2 }],
  '3x3, stride 2, padded': [[2, 8, 7, 3], { size: 3, strides: 2, padding: 1 }],
  '3x3, stride 2, padded, 16 channels': [[2, 8, 8, 16], { size: 3, strides: 2, padding: 1 }],
  '3x3, stride 2, padded, 16 channels, odd': [[2, 9, 7, 16], { size: 3, strides: 2, padding: 1 }],
  '3x3, stride 2': [[2, 9, 9, 16], { size: 3, strides: 2 }],
  '3x3, stride 1, padded': [[1, 5, 6, 2], { size: 3, strides: 1, padding: 1 }],
  '3x3, stride 1, 16 channels': [[1, 5, 6, 16], { size: 3, strides: 1, padding: 1 }],
  'ceil mode': [[2, 8, 8, 3], { size: 3, strides: 2, ceilMode: true }],
  'ceil mode, 16 channels': [[2, 8, 8, 16], { size: 3, strides: 2, ceilMode: true }],
  'ceil mode, padded': [[2, 6, 7, 3], { size: 3, strides: 2, padding: 1, ceilMode: true }],
  'ceil mode, one-sided padding': [
    [1, 7, 8, 2],
    { size: [3, 2], strides: 2, padding: [1, 0, 0, 1], ceilMode: true },
  ],
  'stride beyond the window': [[1, 9, 9, 2], { size: 2, strides: 3 }],
  'same padding': [[1, 7, 7, 2], { size: 3, strides: 2, padding: 'same' }],
  'whole image': [[2, 4, 5, 16], { size: [4, 5] }],
  '2x2, 16 channels': [[2, 6, 8, 16], { size: 2 }],
}

const averagePools: Record<string, PoolCase> = Object.fromEntries(
  Object.entries(pools).flatMap(([name, [x, options]]) => [
    [name, [x, options]],
    [`${name}, padding not counted`, [x, { ...options, countPadding: false }]],
  ]),
)

function poolGradient(x: InputSpec, pool: (x: Tensor) => Tensor): AgreementCase {
  return {
    inputs: [x, pool(g.input('x', x.shape)).shape],
    build: ([a, dy]) => g.gradients(g.sum(g.multiply(pool(a!), dy!)), [a!]),
  }
}

/** Pools and their gradients. */
export const poolingCases = {
  maxPool2d: mapCases(pools, ([x, options]) => ({ inputs: [x], build: ([a]) => g.maxPool2d(a!, options) })),
  maxPool2dGradient: {
    ...mapCases(pools, ([x, options]) => poolGradient({ shape: x }, (a) => g.maxPool2d(a, options))),
    ...Object.fromEntries(
      Object.entries(pools).flatMap(([name, [shape, options]]) => [
        [`${name}, equal values`, poolGradient({ shape, whole: true }, (a) => g.maxPool2d(a, options))],
        [`${name}, after relu`, poolGradient({ shape, whole: true }, (a) => g.maxPool2d(g.relu(a), options))],
      ]),
    ),
  },
  averagePool2d: mapCases(averagePools, ([x, options]) => ({
    inputs: [x],
    build: ([a]) => g.averagePool2d(a!, options),
  })),
  averagePool2dGradient: mapCases(averagePools, ([x, options]) =>
    poolGradient({ shape: x }, (a) => g.averagePool2d(a, options)),
  ),
} satisfies Record<string, Cases>
