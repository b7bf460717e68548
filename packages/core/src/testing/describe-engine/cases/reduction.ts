import * as g from '@convkit/graph'
import type { AgreementCase } from '../agreement.js'
import { asLayout, type Cases, image } from './shared.js'

function reductions(reduce: typeof g.sum): Cases {
  const over = (axes: number[] | undefined, keepDims: boolean, shape: g.Shape = image): AgreementCase => ({
    inputs: [shape],
    build: ([x]) => reduce(asLayout(x!), { ...(axes && { axes }), keepDims }),
  })
  return {
    all: over(undefined, false),
    'to channels': over([0, 1, 2], false),
    'to channels, 16 of them': over([0, 1, 2], false, [2, 3, 3, 16]),
    positions: over([1, 2], false),
    'positions, 16 channels': over([1, 2], true, [2, 3, 3, 16]),
    'positions, kept': over([1, 2], true),
    channels: over([3], false),
    'channels, kept': over([-1], true),
    rows: over([1], false),
    images: over([0], false),
    none: over([], false),
    matrix: over([1], false, [3, 4]),
    'matrix, kept': over([0], true, [3, 4]),
  }
}

/** Sums and means over axes. */
export const reductionCases = {
  sum: reductions(g.sum),
  mean: reductions(g.mean),
} satisfies Record<string, Cases>
