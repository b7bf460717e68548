import * as g from '@convkit/graph'
import {
  asLayout,
  bool,
  type Cases,
  image,
  int32,
  mapCases,
  pooled,
  slopes,
  type Tensor,
  uint8,
} from './shared.js'

const slicing: Record<string, [x: g.Shape, starts: number[], sizes: number[], strides?: number[]]> = {
  channels: [image, [0, 0, 0, 1], [2, 5, 7, 2]],
  '16 of 32 channels': [
    [2, 3, 3, 32],
    [0, 0, 0, 16],
    [2, 3, 3, 16],
  ],
  '16 channels off the grid': [
    [2, 3, 3, 32],
    [0, 0, 0, 5],
    [2, 3, 3, 16],
  ],
  window: [
    [2, 5, 7, 16],
    [0, 1, 2, 0],
    [2, 3, 4, 16],
  ],
  'every second': [image, [0, 0, 1, 0], [2, 3, 3, 3], [1, 2, 2, 1]],
  'every second, last step outside': [
    [4, 8],
    [1, 1],
    [2, 3],
    [2, 3],
  ],
  row: [
    [4, 8],
    [2, 0],
    [1, 8],
  ],
}

function resizes(resize: (x: Tensor, size: g.Pair, coordinates: g.ResizeCoordinates) => Tensor): Cases {
  const sizes: g.Pair[] = [
    [10, 14],
    [3, 4],
    [5, 7],
    [1, 1],
    [8, 3],
  ]
  const modes: g.ResizeCoordinates[] = ['half-pixel', 'align-corners']
  return Object.fromEntries(
    sizes.flatMap((size) =>
      modes.map((mode) => [
        `${size.join('x')}, ${mode}`,
        { inputs: [image], build: ([x]: Tensor[]) => resize(x!, size, mode) },
      ]),
    ),
  )
}

/** Ops that move, repeat or resample values. */
export const shapeCases = {
  reshape: {
    image: { inputs: [image], build: ([x]) => g.reshape(pooled(x!), [10, 21]) },
    'to an image': { inputs: [[10, 21]], build: ([x]) => pooled(g.reshape(x!, image)) },
    flags: { inputs: [bool([2, 6])], build: ([x]) => g.reshape(x!, [3, 4]) },
  },
  transpose: {
    'to channels first': { inputs: [image], build: ([x]) => g.transpose(pooled(x!), [0, 3, 1, 2]) },
    'from channels first': { inputs: [[2, 3, 5, 7]], build: ([x]) => pooled(g.transpose(x!, [0, 2, 3, 1])) },
    'rows and columns': { inputs: [image], build: ([x]) => g.transpose(pooled(x!), [0, 2, 1, 3]) },
    matrix: { inputs: [[3, 4]], build: ([x]) => g.transpose(x!, [1, 0]) },
    flattened: { inputs: [image], build: ([x]) => slopes(g.flatten(pooled(x!)), [x!]) },
  },
  broadcastTo: {
    'to an image': { inputs: [[2, 1, 1, 3]], build: ([x]) => g.broadcastTo(pooled(x!), image) },
    'channel vector': { inputs: [[3]], build: ([x]) => pooled(g.broadcastTo(x!, image)) },
    scalar: { inputs: [[]], build: ([x]) => g.broadcastTo(x!, [3, 4]) },
    column: { inputs: [[3, 1]], build: ([x]) => g.broadcastTo(x!, [2, 3, 4]) },
    'gradient of a mean': {
      inputs: [image],
      build: ([x]) => slopes(g.globalAveragePool(g.relu(pooled(x!))), [x!]),
    },
  },
  concat: {
    channels: { inputs: [image, [2, 5, 7, 4]], build: ([a, b]) => g.concat([pooled(a!), b!]) },
    '16 and 32 channels': {
      inputs: [
        [2, 3, 3, 16],
        [2, 3, 3, 32],
      ],
      build: ([a, b]) => g.concat([pooled(a!), b!]),
    },
    rows: { inputs: [image, image, image], build: ([a, b, c]) => g.concat([pooled(a!), b!, c!], 1) },
    matrices: {
      inputs: [
        [2, 3],
        [4, 3],
      ],
      build: ([a, b]) => g.concat([a!, b!], 0),
    },
  },
  slice: mapCases(slicing, ([x, ...window]) => ({
    inputs: [x],
    build: ([a]) => g.slice(asLayout(a!), ...window),
  })),
  sliceGradient: mapCases(slicing, ([x, ...window]) => ({
    inputs: [x],
    build: ([a]) => slopes(g.slice(asLayout(a!), ...window), [a!]),
  })),
  pad: {
    image: { inputs: [image], build: ([x]) => g.pad(pooled(x!), [0, 1, 2, 1], [1, 0, 3, 0], 0.5) },
    channels: { inputs: [[2, 3, 3, 16]], build: ([x]) => g.pad(pooled(x!), [0, 0, 0, 0], [0, 0, 0, 16]) },
    whole: { inputs: [int32([4])], build: ([x]) => g.pad(x!, [1], [2], 7) },
    bytes: { inputs: [uint8([1, 3, 3, 2])], build: ([x]) => g.pad(x!, [0, 1, 1, 0], [0, 1, 1, 0], 128) },
  },
  resizeBilinear: resizes((x, size, coordinates) => g.resizeBilinear(x, size, coordinates)),
  resizeBilinearGradient: resizes(
    (x, size, coordinates) => slopes(g.resizeBilinear(x, size, coordinates), [x])[0]!,
  ),
  oneHot: {
    labels: { inputs: [{ shape: [9], dtype: 'int32', range: [-2, 6] }], build: ([x]) => g.oneHot(x!, 5) },
    image: {
      inputs: [{ shape: [2, 3, 3], dtype: 'int32', range: [0, 3] }],
      build: ([x]) => pooled(g.oneHot(x!, 4)),
    },
  },
} satisfies Record<string, Cases>
