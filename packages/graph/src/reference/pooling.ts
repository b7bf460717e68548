import type { Pool2dAttributes, PoolingOp } from '../ops/attributes.js'
import type { Shape } from '../tensor.js'
import type { KernelsFor } from './kernel.js'

export const poolingKernels: KernelsFor<PoolingOp> = {
  maxPool2d: ([x], [y], attributes) =>
    forEachWindow(attributes, x.shape, y.shape, (yi, { elements }) => {
      y.data[yi] = Math.max(...elements.map((xi) => x.data[xi]!))
    }),
  maxPool2dGradient: ([x, y, dy], [dx], attributes) =>
    forEachWindow(attributes, x.shape, y.shape, (yi, { elements }) => {
      const first = elements.find((xi) => x.data[xi] === y.data[yi])
      if (first !== undefined) dx.data[first]! += dy.data[yi]!
    }),

  averagePool2d: ([x], [y], attributes) =>
    forEachWindow(attributes, x.shape, y.shape, (yi, { elements, area }) => {
      const count = attributes.countPadding ? area : elements.length
      for (const xi of elements) y.data[yi]! += x.data[xi]! / count
    }),
  averagePool2dGradient: ([dy], [dx], attributes) =>
    forEachWindow(attributes, dx.shape, dy.shape, (yi, { elements, area }) => {
      const count = attributes.countPadding ? area : elements.length
      for (const xi of elements) dx.data[xi]! += dy.data[yi]! / count
    }),
}

interface Window {
  /** Offsets of the input elements under the window, row by row. */
  readonly elements: readonly number[]
  /** How many positions of the padded input it covers. */
  readonly area: number
}

/** Visits each output element with its window in the input. */
function forEachWindow(
  { size, strides, padding: [top, bottom, left, right] }: Pool2dAttributes,
  xShape: Shape,
  yShape: Shape,
  visit: (y: number, window: Window) => void,
): void {
  const [n, h, w, c] = xShape as [number, number, number, number]
  const [, oh, ow] = yShape as [number, number, number, number]
  for (let image = 0; image < n; image++) {
    for (let oy = 0; oy < oh; oy++) {
      for (let ox = 0; ox < ow; ox++) {
        const rows = positions(oy * strides[0] - top, size[0], h + bottom)
        const columns = positions(ox * strides[1] - left, size[1], w + right)
        for (let channel = 0; channel < c; channel++) {
          const elements = rows
            .filter((iy) => iy >= 0 && iy < h)
            .flatMap((iy) =>
              columns
                .filter((ix) => ix >= 0 && ix < w)
                .map((ix) => ((image * h + iy) * w + ix) * c + channel),
            )
          visit(((image * oh + oy) * ow + ox) * c + channel, { elements, area: rows.length * columns.length })
        }
      }
    }
  }
}

/** `size` positions from `start` on, cut at `end`: beyond it is only what `ceilMode` hangs over. */
function positions(start: number, size: number, end: number): number[] {
  return Array.from({ length: Math.min(size, end - start) }, (_, i) => start + i)
}
