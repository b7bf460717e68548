import type { ResizeCoordinates } from '@convkit/graph'
import type { LoweringsFor } from './lowering.js'
import { separableMap, transposed, type Weights } from './separable.js'

export const resizeLowerings: LoweringsFor<'resizeBilinear' | 'resizeBilinearGradient'> = {
  resizeBilinear: (context, { inputs: [x], outputs: [y], attributes: { size, coordinates } }) => {
    const [rows, columns] = size.map((to, axis) => interpolation(x.shape[axis + 1]!, to, coordinates))
    separableMap(context, x, y, rows!, columns!)
  },
  resizeBilinearGradient: (
    context,
    { inputs: [dy], outputs: [dx], attributes: { inputSize, coordinates } },
  ) => {
    const [rows, columns] = inputSize.map((from, axis) =>
      interpolation(from, dy.shape[axis + 1]!, coordinates),
    )
    separableMap(context, dy, dx, transposed(rows!), transposed(columns!))
  },
}

/** What each output pixel of one axis takes of each input pixel: of two neighbours, more of the nearer one. */
function interpolation(from: number, to: number, coordinates: ResizeCoordinates): Weights {
  return Array.from({ length: to }, (_, pixel) => {
    const source =
      coordinates === 'half-pixel'
        ? Math.max(((pixel + 0.5) * from) / to - 0.5, 0)
        : (pixel * (from - 1)) / Math.max(to - 1, 1)
    const first = Math.floor(source)
    const weights = Array<number>(from).fill(0)
    weights[first]! += 1 - (source - first)
    weights[Math.min(first + 1, from - 1)]! += source - first
    return weights
  })
}
