import type { Shape } from '@convkit/graph'

/**
 * Orders in which a tensor's values can lie in memory.
 *
 * - `logical`: row-major as the graph has them; images are `[n, h, w, c]`, filters `[o, i, kh, kw]`.
 * - `channels-first`: images as `[n, c, h, w]`, what ONNX's own ops take.
 * - `blocked`: images in ONNX Runtime's NCHWc layout `[n, c/b, h, w, b]`, which its fastest kernels take. The block
 *   size b is the CPU's, and divides c.
 * - `blocked-filter`: filters as `[o/b, i/b, kh, kw, b of i, b of o]`, for convolutions of blocked images.
 * - `blocked-outputs-filter`: filters as `[o/b, i, kh, kw, b of o]`, for depthwise convolutions of blocked images, and
 *   for channels-first images with fewer channels than a block, such as pixels.
 * - `matrix-filter`: filters as `[o, i · kh · kw]`, row-major too, for convolutions that are matrix products.
 */
export type Layout =
  | 'logical'
  | 'channels-first'
  | 'blocked'
  | 'blocked-filter'
  | 'blocked-outputs-filter'
  | 'matrix-filter'

/** How a layout orders a tensor. */
export interface Arrangement {
  /** The logical sizes, an axis that is blocked split in two. */
  readonly split: Shape
  /** The order of the split axes in memory. */
  readonly permutation: readonly number[]
  /** The logical axis of each one in memory. */
  readonly axes: readonly number[]
  /** The shape by which ONNX's ops know the value; it has as many elements. */
  readonly declared: Shape
}

type Sizes = [number, number, number, number]

/** Splits an axis into blocks. An axis that broadcasts stays one element. */
const blocks = (size: number, block: number) => (size === 1 ? [1, 1] : [size / block, block])

const arrangements: Record<Layout, (shape: Shape, block: number) => Arrangement> = {
  logical: (shape) => {
    const axes = shape.map((_, axis) => axis)
    return { split: shape, permutation: axes, axes, declared: shape }
  },
  'channels-first': (shape) => {
    const [n, h, w, c] = shape as Sizes
    return { split: shape, permutation: [0, 3, 1, 2], axes: [0, 3, 1, 2], declared: [n, c, h, w] }
  },
  blocked: (shape, block) => {
    const [n, h, w, c] = shape as Sizes
    return {
      split: [n, h, w, ...blocks(c, block)],
      permutation: [0, 3, 1, 2, 4],
      axes: [0, 3, 1, 2, 3],
      declared: [n, c, h, w],
    }
  },
  'blocked-filter': (shape, block) => {
    const [o, i, kh, kw] = shape as Sizes
    return {
      split: [...blocks(o, block), ...blocks(i, block), kh, kw],
      permutation: [0, 2, 4, 5, 3, 1],
      axes: [0, 1, 2, 3, 1, 0],
      declared: shape,
    }
  },
  'blocked-outputs-filter': (shape, block) => {
    const [o, i, kh, kw] = shape as Sizes
    return {
      split: [...blocks(o, block), i, kh, kw],
      permutation: [0, 2, 3, 4, 1],
      axes: [0, 1, 2, 3, 0],
      declared: shape,
    }
  },
  'matrix-filter': (shape) => {
    const [o, i, kh, kw] = shape as Sizes
    return { split: shape, permutation: [0, 1, 2, 3], axes: [0, 1, 2, 3], declared: [o, i * kh * kw] }
  },
}

/** How a layout orders a tensor of this logical shape. */
export function arrange(layout: Layout, shape: Shape, block: number): Arrangement {
  return arrangements[layout](shape, block)
}

/** The sizes in memory's order: the shape by which a value in this layout broadcasts and reduces. */
export function physicalShape({ split, permutation }: Arrangement): Shape {
  return permutation.map((axis) => split[axis] as number)
}

/** The permutation that undoes one. */
export function inversePermutation(permutation: readonly number[]): number[] {
  return permutation.map((_, axis) => permutation.indexOf(axis))
}

/**
 * The layout in which the blocked convolution takes a filter, if it takes it at all.
 *
 * @param block the CPU's block size; 0 where there is no blocked layout.
 */
export function blockedFilterLayout(filter: Shape, groups: number, block: number): Layout | undefined {
  const [o, i] = filter as Sizes
  const fits = (channels: number) => block > 0 && channels % block === 0
  if (!fits(o)) return undefined
  if (groups === o && i === 1) return 'blocked-outputs-filter'
  if (fits(i) && fits(o / groups)) return 'blocked-filter'
  return groups === 1 && i < block ? 'blocked-outputs-filter' : undefined
}
