import type { ResizeCoordinates } from '../ops/attributes.js'
import type { Shape } from '../tensor.js'
import type { KernelsFor } from './kernel.js'

export const resizeKernels: KernelsFor<'resizeBilinear' | 'resizeBilinearGradient'> = {
  resizeBilinear: ([x], [y], { coordinates }) =>
    forEachTap(coordinates, x.shape, y.shape, (xi, yi, weight) => {
      y.data[yi]! += x.data[xi]! * weight
    }),
  resizeBilinearGradient: ([dy], [dx], { coordinates }) =>
    forEachTap(coordinates, dx.shape, dy.shape, (xi, yi, weight) => {
      dx.data[xi]! += dy.data[yi]! * weight
    }),
}

/** Visits the input elements that each output element is a weighted sum of. */
function forEachTap(
  coordinates: ResizeCoordinates,
  xShape: Shape,
  yShape: Shape,
  visit: (x: number, y: number, weight: number) => void,
): void {
  const [n, h, w, c] = xShape as [number, number, number, number]
  const [, oh, ow] = yShape as [number, number, number, number]
  for (let image = 0; image < n; image++) {
    for (let oy = 0; oy < oh; oy++) {
      for (let ox = 0; ox < ow; ox++) {
        for (const row of taps(coordinates, oy, h, oh)) {
          for (const column of taps(coordinates, ox, w, ow)) {
            for (let channel = 0; channel < c; channel++) {
              const from = ((image * h + row.position) * w + column.position) * c + channel
              const to = ((image * oh + oy) * ow + ox) * c + channel
              visit(from, to, row.weight * column.weight)
            }
          }
        }
      }
    }
  }
}

/** The two neighbours that one axis interpolates between. */
function taps(coordinates: ResizeCoordinates, at: number, size: number, outputSize: number) {
  const source =
    coordinates === 'half-pixel'
      ? Math.max(((at + 0.5) * size) / outputSize - 0.5, 0)
      : (at * (size - 1)) / Math.max(outputSize - 1, 1)
  const position = Math.floor(source)
  const weight = source - position
  return [
    { position, weight: 1 - weight },
    { position: Math.min(position + 1, size - 1), weight },
  ]
}
