import {
  conv2d,
  input,
  macs,
  receptiveField,
  relu,
  type SymbolicTensor,
  sizeOf,
  state,
  topologicalOrder,
} from '@convkit/graph'

/** A map of 56 × 56 positions, as in first stages of networks for 224 pixels. */
export const mapOf = (channels: number) => input('map', [1, 56, 56, channels])

/** A convolution and ReLU: `[n, h, w, c]` → `[n, h, w, filters]`. */
export function convolve(
  x: SymbolicTensor,
  filters: number,
  size: number,
): SymbolicTensor {
  const channels = x.shape.at(-1) ?? 0
  const weight = state(`weight${topologicalOrder([x]).length}`, [
    filters,
    channels,
    size,
    size,
  ])
  return relu(conv2d(x, weight, { padding: (size - 1) / 2 }))
}

/** What lies between a map and a tensor, and how far one position sees. */
export function measure(map: SymbolicTensor, y: SymbolicTensor) {
  const weights = topologicalOrder([y]).filter(({ op }) => op === 'state')
  return {
    parameters: weights.reduce(
      (sum, { outputs: [weight] }) => sum + sizeOf(weight?.shape ?? []),
      0,
    ),
    macs: macs([y]),
    sees: receptiveField(map, y).size[0],
  }
}
