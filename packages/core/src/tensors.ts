import type { TensorData } from '@convkit/graph'

/** A float32 tensor on the host. */
export type FloatTensor = Extract<TensorData, { dtype: 'float32' }>

/** Named tensors in a fixed order: a model's state dict. */
export type TensorMap = Map<string, FloatTensor>

/** A float32 tensor from its shape and values. */
export function floatTensor(shape: readonly number[], data: Float32Array): FloatTensor {
  return { dtype: 'float32', shape, data }
}
