import * as g from '@convkit/graph'
import type { AgreementCase } from '../agreement.js'
import { type Build, type Cases, image, mapCases, pooled, weight } from './shared.js'

type ConvolutionCase = [x: g.Shape, filter: g.Shape, options?: g.Conv2dOptions]

const convolutions: Record<string, ConvolutionCase> = {
  '3x3, padded': [[2, 6, 7, 3], [5, 3, 3, 3], { padding: 1 }],
  '3x3, valid': [
    [2, 6, 7, 3],
    [5, 3, 3, 3],
  ],
  '3x3, stride 2': [[2, 7, 8, 4], [6, 4, 3, 3], { strides: 2, padding: 1 }],
  '3x3, stride 2, even': [[2, 8, 8, 16], [32, 16, 3, 3], { strides: 2, padding: 1 }],
  '3x3, stride 2, same': [[1, 8, 7, 4], [6, 4, 3, 3], { strides: 2, padding: 'same' }],
  '5x3, strides 3 and 2': [[2, 11, 9, 2], [3, 2, 5, 3], { strides: [3, 2], padding: [2, 1] }],
  '3x3, stride 4 beyond the kernel': [[1, 13, 13, 2], [3, 2, 3, 3], { strides: 4 }],
  '1x1': [
    [2, 5, 5, 4],
    [6, 4, 1, 1],
  ],
  '1x1, stride 2': [[2, 6, 7, 16], [32, 16, 1, 1], { strides: 2 }],
  '1x1, padded': [[2, 5, 5, 4], [6, 4, 1, 1], { padding: 1 }],
  '7x7, stride 2': [[1, 20, 20, 3], [8, 3, 7, 7], { strides: 2, padding: 3 }],
  '7x7, stride 2, 16 filters': [[2, 20, 20, 3], [16, 3, 7, 7], { strides: 2, padding: 3 }],
  '11x11, stride 4': [[1, 31, 31, 3], [4, 3, 11, 11], { strides: 4, padding: 2 }],
  'one-sided padding': [[1, 6, 6, 2], [3, 2, 3, 3], { padding: [0, 1, 2, 0] }],
  'wide padding': [[1, 4, 4, 2], [3, 2, 3, 3], { padding: 3 }],
  'even kernel': [[2, 6, 6, 3], [4, 3, 2, 4], { padding: [1, 0, 2, 1] }],
  'even kernel, stride 2': [[2, 8, 8, 3], [4, 3, 4, 4], { strides: 2, padding: 1 }],
  'not reached at the end': [[1, 8, 8, 2], [3, 2, 3, 3], { strides: 3 }],
  'padding not reached at the end': [[1, 6, 6, 16], [16, 16, 3, 3], { strides: 2, padding: [1, 2, 1, 2] }],
  'dilation 2': [[2, 9, 8, 3], [4, 3, 3, 3], { dilations: 2, padding: 2 }],
  'dilation and stride': [[2, 11, 12, 3], [4, 3, 3, 2], { dilations: [2, 3], strides: [2, 2], padding: 2 }],
  '1x1, two groups': [[2, 5, 4, 6], [4, 3, 1, 1], { groups: 2 }],
  'two groups': [[2, 6, 6, 4], [6, 2, 3, 3], { groups: 2, padding: 1 }],
  'four groups, stride 2': [[2, 7, 7, 8], [8, 2, 3, 3], { groups: 4, strides: 2, padding: 1 }],
  depthwise: [[2, 6, 7, 5], [5, 1, 3, 3], { groups: 5, padding: 1 }],
  'depthwise, 16 channels': [[2, 6, 7, 16], [16, 1, 3, 3], { groups: 16, padding: 1 }],
  'depthwise, stride 2': [[2, 8, 7, 6], [6, 1, 5, 5], { groups: 6, strides: 2, padding: 2 }],
  'depthwise, two filters a channel': [[2, 6, 6, 3], [6, 1, 3, 3], { groups: 3, padding: 1 }],
  'depthwise, dilated': [[1, 9, 9, 4], [4, 1, 3, 3], { groups: 4, dilations: 2, padding: 2 }],
  'one channel, one filter': [
    [2, 7, 7, 1],
    [1, 1, 3, 3],
  ],
  'one channel, one filter, stride 2': [[1, 7, 7, 1], [1, 1, 2, 2], { strides: 2, padding: 1 }],
  '40 channels, stride 2': [[1, 6, 5, 40], [4, 40, 3, 3], { strides: 2, padding: 1 }],
  '80 channels, stride 3': [[2, 5, 5, 80], [3, 80, 2, 2], { strides: 3, padding: 1 }],
  'depthwise, 48 channels, stride 2': [[1, 6, 6, 48], [48, 1, 3, 3], { groups: 48, strides: 2, padding: 1 }],
  'large output': [[1, 30, 30, 2], [3, 2, 3, 3], { padding: 1 }],
  '16 and 32 channels': [[2, 9, 9, 16], [32, 16, 3, 3], { padding: 1 }],
  '32 and 16 channels, 5x5': [[2, 9, 8, 32], [16, 32, 5, 5], { padding: 2 }],
  '16 channels, 1x7': [[2, 9, 9, 16], [16, 16, 1, 7], { padding: [0, 3] }],
  '16 channels, one pixel': [
    [2, 1, 1, 16],
    [32, 16, 1, 1],
  ],
  '16 channels, dilated': [[1, 9, 9, 16], [16, 16, 3, 3], { dilations: 2, padding: 2 }],
  '16 channels, stride 2, odd': [[2, 7, 9, 16], [16, 16, 3, 3], { strides: 2, padding: 1 }],
  '16 channels, strides 2 and 1': [[2, 8, 8, 16], [16, 16, 3, 3], { strides: [2, 1], padding: 1 }],
  '32 channels, two groups': [[2, 6, 6, 32], [32, 16, 3, 3], { groups: 2, padding: 1 }],
}

function convolutionGradient(
  x: g.Shape,
  filter: g.Shape,
  options: g.Conv2dOptions | undefined,
  of: 'x' | 'filter',
): AgreementCase {
  const y = g.conv2d(g.input('x', x), g.input('filter', filter), options)
  const attributes = y.node.attributes as g.Conv2dAttributes
  const build: Build = ([a, b]) =>
    of === 'x'
      ? g.conv2dInputGradient(a!, b!, x, attributes)
      : g.conv2dFilterGradient(a!, b!, filter, attributes)
  return { inputs: of === 'x' ? [y.shape, weight(filter)] : [x, y.shape], build }
}

/** Matrix products and convolutions, and the gradients of convolutions. */
export const convolutionCases = {
  matmul: {
    plain: {
      inputs: [
        [4, 5],
        [5, 3],
      ],
      build: ([a, b]) => g.matmul(a!, b!),
    },
    'first transposed': {
      inputs: [
        [5, 4],
        [5, 3],
      ],
      build: ([a, b]) => g.matmul(a!, b!, { transposeA: true }),
    },
    'second transposed': {
      inputs: [
        [4, 5],
        [3, 5],
      ],
      build: ([a, b]) => g.matmul(a!, b!, { transposeB: true }),
    },
    'both transposed': {
      inputs: [
        [5, 4],
        [3, 5],
      ],
      build: ([a, b]) => g.matmul(a!, b!, { transposeA: true, transposeB: true }),
    },
    'dense layer on positions': {
      inputs: [image, weight([4, 3]), [4]],
      build: ([x, w, b]) => g.dense(pooled(x!), w!, b!),
    },
    'gradients of a dense layer': {
      inputs: [[5, 6], weight([4, 6]), [4], [5, 4]],
      build: ([x, w, b, dy]) => g.gradients(g.sum(g.multiply(g.dense(x!, w!, b!), dy!)), [x!, w!, b!]),
    },
  },
  conv2d: mapCases(convolutions, ([x, filter, options]) => ({
    inputs: [x, weight(filter)],
    build: ([a, b]) => g.conv2d(a!, b!, options),
  })),
  conv2dInputGradient: mapCases(convolutions, ([x, filter, options]) =>
    convolutionGradient(x, filter, options, 'x'),
  ),
  conv2dFilterGradient: mapCases(convolutions, ([x, filter, options]) =>
    convolutionGradient(x, filter, options, 'filter'),
  ),
} satisfies Record<string, Cases>
