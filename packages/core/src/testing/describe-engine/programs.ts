import { add, input, multiply, type Program, state } from '@convkit/graph'
import { floatTensor } from '../../tensors.js'

/** State that starts with these values. */
export const spec = (...values: number[]) => ({
  shape: [values.length],
  initial: () => floatTensor([values.length], Float32Array.from(values)),
})

export const vector = (...values: number[]) => floatTensor([values.length], Float32Array.from(values))

/** total ← total + x; `read` gives total · scale. */
export function counter(): Program {
  const [total, scale] = [state('total', [2]), state('scale', [2])]
  const x = input('x', [2])
  return {
    state: { total: spec(1, 2), scale: spec(10, 10) },
    signatures: {
      add: { inputs: { x }, outputs: { before: total }, updates: { total: add(total, x) } },
      scaled: { inputs: {}, outputs: { scaled: multiply(total, scale) }, updates: {} },
    },
  }
}

/** y = scale · x, without updates. */
export function scaling(): Program {
  const x = input('x', [2])
  return {
    state: { scale: spec(3, 4) },
    signatures: { predict: { inputs: { x }, outputs: { y: multiply(x, state('scale', [2])) }, updates: {} } },
  }
}
