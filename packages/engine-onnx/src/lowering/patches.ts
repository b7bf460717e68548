import type { BuiltNode, Pair, Shape } from '@convkit/graph'
import type { Context } from './context.js'

export type FilterGradient = BuiltNode<'conv2dFilterGradient'>

/** Images of a batch, from one up to another. */
export type Range = readonly [from: number, to: number]

/** What the filter's taps read of x at every output position, for some images of the batch. */
export interface Patches {
  /** Values that one position reads. */
  readonly columns: number
  /** `[images, positions, columns]`, columns by tap and channel; or `[images, columns, positions]`. */
  readonly of: (images: Range) => string
}

/** Patches of the image as it is row-major: its pixels, gathered for every position and tap. */
export function pixelPatches(context: Context, { inputs: [x, dy], attributes }: FilterGradient): Patches {
  const { graph } = context
  const {
    padding: [top, , left],
    strides: [sh, sw],
    dilations,
    filterShape,
  } = attributes
  const [n, h, w] = x.shape as [number, number, number, number]
  const [, oh, ow] = dy.shape as [number, number, number, number]
  const [, c, kh, kw] = filterShape as [number, number, number, number]
  // Where windows leave the end of the image unread, no pixel of it is gathered.
  const bottom = Math.max((oh - 1) * sh + (kh - 1) * dilations[0] + 1 - top - h, 0)
  const right = Math.max((ow - 1) * sw + (kw - 1) * dilations[1] + 1 - left - w, 0)
  const image = context.get(x, 'logical')
  const isPadded = top + left + bottom + right > 0
  const padded = isPadded
    ? graph.add('Pad', [image, graph.integers([0, top, left, 0, 0, bottom, right, 0])])
    : image
  const [height, width] = [top + h + bottom, left + w + right]
  const isWhole = kh * kw === 1 && oh === height && ow === width
  const pixels = graph.reshape(padded, [n, height * width, c])

  return {
    columns: kh * kw * c,
    of([from, to]) {
      const isAll = to - from === n
      const images = isAll ? pixels : graph.add('Slice', [pixels, ...[[from], [to], [0]].map(graph.integers)])
      if (isWhole) return images
      const data = readPositions(attributes, [oh, ow], width)
      const indices = graph.constant({ dtype: 'int32', shape: [data.length], data })
      return graph.add('Gather', [images, indices], { axis: 1 })
    },
  }
}

/** For every output position and tap, where the tap reads in a row-major image that is `width` pixels wide. */
function readPositions(
  { filterShape: [, , kh = 1, kw = 1], strides: [sh, sw], dilations: [dh, dw] }: FilterGradient['attributes'],
  [oh, ow]: Pair,
  width: number,
): Int32Array {
  const positions = new Int32Array(oh * ow * kh * kw)
  for (let at = 0, row = 0; row < oh; row++) {
    for (let column = 0; column < ow; column++) {
      for (let i = 0; i < kh; i++) {
        for (let j = 0; j < kw; j++) positions[at++] = (row * sh + i * dh) * width + column * sw + j * dw
      }
    }
  }
  return positions
}

/**
 * Patches of an image with few channels. Every square of stride × stride pixels becomes the channels of one pixel, so
 * that a row of a tap is a run in memory: each tap gives `[images, channels, h', w']`. A kernel that the stride does
 * not divide gets taps that the filter lacks, and that {@link unfoldTaps} drops.
 */
export function channelPatches(context: Context, { inputs: [x, dy], attributes }: FilterGradient): Patches {
  const { graph } = context
  const {
    padding: [top, , left],
    strides: [sh, sw],
    filterShape,
  } = attributes
  const [n, h, w, c] = x.shape as [number, number, number, number]
  const [, oh, ow] = dy.shape as [number, number, number, number]
  const { rows, columns } = foldedTaps(filterShape, attributes.strides)
  const [height, width] = [oh - 1 + rows, ow - 1 + columns]
  // Negative where windows leave the end of the image unread.
  const after = [sh * height - top - h, sw * width - left - w]
  const pads = graph.integers([0, 0, top, left, 0, 0, ...after])
  const padded = graph.add('Pad', [context.get(x, 'channels-first'), pads])
  const squares = [n, c, height, sh, width, sw]
  const folded = graph.transpose(graph.reshape(padded, squares), squares, [0, 1, 3, 5, 2, 4])
  const image = graph.reshape(folded, [n, c * sh * sw, height, width])

  const tap = (at: number, [from, to]: Range) => {
    const [row, column] = [Math.floor(at / columns), at % columns]
    const bounds = [
      [from, row, column],
      [to, row + oh, column + ow],
      [0, 2, 3],
    ].map(graph.integers)
    return graph.add('Slice', [image, ...bounds])
  }
  return {
    columns: rows * columns * c * sh * sw,
    of(images) {
      const taps = Array.from({ length: rows * columns }, (_, at) => tap(at, images))
      return graph.add('Concat', taps, { axis: 1 })
    },
  }
}

/** From `[o, columns]` of {@link channelPatches} to the filter. */
export function unfoldTaps(
  { graph }: Context,
  matrix: string,
  filterShape: Shape,
  strides: readonly [number, number],
): string {
  const [o, c, kh, kw] = filterShape as [number, number, number, number]
  const { rows, columns } = foldedTaps(filterShape, strides)
  const split = [o, rows, columns, c, ...strides]
  const ordered = graph.transpose(graph.reshape(matrix, split), split, [0, 3, 1, 4, 2, 5])
  const whole = graph.reshape(ordered, [o, c, rows * strides[0], columns * strides[1]])
  if (rows * strides[0] === kh && columns * strides[1] === kw) return whole
  return graph.add('Slice', [
    whole,
    ...[
      [0, 0],
      [kh, kw],
      [2, 3],
    ].map(graph.integers),
  ])
}

function foldedTaps([, , kh = 1, kw = 1]: Shape, [sh, sw]: readonly [number, number]) {
  return { rows: Math.ceil(kh / sh), columns: Math.ceil(kw / sw) }
}
