import { dense, type Pair, type SymbolicTensor, transpose, vector } from '@convkit/graph'

/**
 * Average pooling to a given size, as PyTorch's `adaptive_avg_pool2d`: `[n, h, w, c]` → `[n, size[0], size[1], c]`.
 * Output `i` of an axis is the mean of inputs `⌊i · in / out⌋ … ⌈(i + 1) · in / out⌉ − 1`; an axis may also grow.
 */
export function adaptiveAveragePool(x: SymbolicTensor, size: Pair): SymbolicTensor {
  const [, h = 0, w = 0] = x.shape
  if (h === size[0] && w === size[1]) return x
  // Three turns bring the axes home again, and each pooled one to the end in between.
  const columns = dense(turn(x), averages(h, size[0])) // [n, w, c, h']
  const rows = dense(turn(columns), averages(w, size[1])) // [n, c, h', w']
  return turn(rows)
}

const turn = (x: SymbolicTensor) => transpose(x, [0, 2, 3, 1])

/** The means of an axis as a matrix `[outputs, inputs]`. */
function averages(inputs: number, outputs: number): SymbolicTensor {
  const row = (output: number) => {
    const from = Math.floor((output * inputs) / outputs)
    const to = Math.ceil(((output + 1) * inputs) / outputs)
    return Array.from({ length: inputs }, (_, i) => (i >= from && i < to ? 1 / (to - from) : 0))
  }
  return vector(Array.from({ length: outputs }, (_, i) => row(i)).flat(), [outputs, inputs])
}
