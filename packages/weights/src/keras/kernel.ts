import { type FloatTensor, floatTensor, type Shape } from '@convkit/core'

/**
 * A kernel in PyTorch's layout: `[h, w, in, out]` → `[out, in, h, w]`, depthwise `[h, w, c, 1]` → `[c, 1, h, w]`, dense
 * `[in, out]` → `[out, in]`. Where the zoo has a convolution in place of a dense layer, whose inputs are a flattened map,
 * or the other way round, it takes that form.
 */
export function orderKernel(kernel: FloatTensor, target: Shape): FloatTensor {
  const { shape, data } = kernel
  const [h, w, inputs, outputs] =
    shape.length === 4
      ? shape
      : [target[2] ?? 1, target[3] ?? 1, (shape[0] ?? 0) / windowOf(target), shape[1]]
  const isDepthwise = outputs === 1 && target.length === 4 && target[1] === 1 && target[0] === inputs
  const [o, i] = isDepthwise ? [inputs, 1] : [outputs, inputs]
  const sizes = [o, i, h, w].map((size) => size ?? 0)
  if (!sizes.every(Number.isInteger) || sizes.reduce((a, b) => a * b) !== data.length) return kernel
  const ordered = transpose(data, (h ?? 0) * (w ?? 0), i ?? 0, o ?? 0)
  const isDense = target.length === 2 && h === 1 && w === 1
  return floatTensor(isDense ? sizes.slice(0, 2) : sizes, ordered)
}

function windowOf([, , h = 1, w = 1]: Shape): number {
  return h * w
}

/** `[window, inputs, outputs]` → `[outputs, inputs, window]` */
function transpose(data: Float32Array, window: number, inputs: number, outputs: number): Float32Array {
  const result = new Float32Array(data.length)
  let from = 0
  for (let at = 0; at < window; at++) {
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) result[(o * inputs + i) * window + at] = data[from++] as number
    }
  }
  return result
}

/** The input channels of a convolution in the opposite order: `[out, in, h, w]` → `[out, in, h, w]`. */
export function reverseInputs({ shape, data }: FloatTensor): FloatTensor {
  const [outputs = 0, inputs = 0, h = 0, w = 0] = shape
  const size = h * w
  const result = new Float32Array(data.length)
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      const from = (o * inputs + inputs - 1 - i) * size
      result.set(data.subarray(from, from + size), (o * inputs + i) * size)
    }
  }
  return floatTensor(shape, result)
}
