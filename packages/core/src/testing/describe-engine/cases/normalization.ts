import * as g from '@convkit/graph'
import type { InputSpec } from '../agreement.js'
import { type Cases, image, mapCases, pooled, positive, type Tensor } from './shared.js'

const channelVectors = (count: number, channels: number) =>
  Array.from({ length: count }, () => positive([channels]))

const normalizedShapes: Record<string, g.Shape> = {
  image: [3, 5, 4, 6],
  '16 channels': [2, 4, 6, 16],
  '32 channels, one pixel': [4, 1, 1, 32],
  matrix: [7, 4],
}

const asBatchNorm = (x: Tensor, scale: Tensor, offset: Tensor) => {
  const { y, mean, variance } = g.batchNormTrain(x, scale, offset, 1e-3)
  return { y, outputs: [y, mean, variance] }
}

const shifted = (shape: g.Shape): InputSpec => ({ shape, range: [-1, 4] })

function unaryOverChannels(f: (x: Tensor) => Tensor): Cases {
  return {
    image: { inputs: [image], build: ([x]) => f(pooled(x!)) },
    matrix: { inputs: [[5, 7]], build: ([x]) => f(x!) },
    'large values': { inputs: [{ shape: [5, 7], range: [-200, 200] }], build: ([x]) => f(x!) },
  }
}

/** Normalisations, softmax, and gradients that are composed of ops. */
export const normalizationCases = {
  batchNormTrain: mapCases(normalizedShapes, (shape) => ({
    inputs: [shifted(shape), ...channelVectors(2, shape.at(-1)!)],
    build: ([x, scale, offset]) => asBatchNorm(x!, scale!, offset!).outputs,
  })),
  batchNormTrainGradient: mapCases(normalizedShapes, (shape) => ({
    inputs: [shifted(shape), ...channelVectors(2, shape.at(-1)!), shape],
    build: ([x, scale, offset, dy]) =>
      g.gradients(g.sum(g.multiply(asBatchNorm(x!, scale!, offset!).y, dy!)), [x!, scale!, offset!]),
  })),
  batchNormInfer: mapCases(normalizedShapes, (shape) => ({
    inputs: [shifted(shape), ...channelVectors(4, shape.at(-1)!)],
    build: ([x, ...vectors]) => g.batchNormInfer(x!, ...(vectors as [Tensor, Tensor, Tensor, Tensor]), 1e-3),
  })),
  layerNorm: mapCases(normalizedShapes, (shape) => ({
    inputs: [shifted(shape), ...channelVectors(2, shape.at(-1)!), shape],
    build: ([x, scale, offset, dy]) => {
      const y = g.layerNorm(x!, scale!, offset!)
      return [y, ...g.gradients(g.sum(g.multiply(y, dy!)), [x!, scale!, offset!])]
    },
  })),
  localResponseNorm: {
    ...mapCases(normalizedShapes, (shape) => ({
      inputs: [shape, shape],
      build: ([x, dy]) => {
        const y = g.localResponseNorm(x!, { alpha: 0.3, bias: 2 })
        return [y, ...g.gradients(g.sum(g.multiply(y, dy!)), [x!])]
      },
    })),
    'of a convolution, 16 channels': {
      inputs: [
        [2, 5, 6, 16],
        [16, 16, 3, 3],
      ],
      build: ([x, w]) => g.localResponseNorm(g.conv2d(x!, w!, { padding: 1 }), { alpha: 0.3, bias: 2 }),
    },
    'three channels, window of 5': { inputs: [image], build: ([x]) => g.localResponseNorm(x!, { alpha: 1 }) },
  },
  softmax: unaryOverChannels(g.softmax),
  logSoftmax: unaryOverChannels(g.logSoftmax),
} satisfies Record<string, Cases>
