import { ConvkitError, type FloatFormat, type FloatTensor, floatTensor, readFloats } from '@convkit/core'

/** A block of elements that tensors look at. */
export interface Storage {
  readonly key: string
  /** Undefined for whole numbers, such as `num_batches_tracked`, which are no weights. */
  readonly format: FloatFormat | undefined
  readonly elements: number
  readonly bytes: number
}

/** A tensor as a pickle has it: a view of a storage. */
export interface StridedView {
  readonly storage: Storage
  readonly offset: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]
}

/** Bytes of an element, and what floats are kept as, by the names of PyTorch's storage classes. */
export const storageTypes: Readonly<
  Record<string, { readonly bytes: number; readonly format?: FloatFormat }>
> = {
  HalfStorage: { bytes: 2, format: 'F16' },
  BFloat16Storage: { bytes: 2, format: 'BF16' },
  FloatStorage: { bytes: 4, format: 'F32' },
  DoubleStorage: { bytes: 8, format: 'F64' },
  LongStorage: { bytes: 8 },
  IntStorage: { bytes: 4 },
  ShortStorage: { bytes: 2 },
  CharStorage: { bytes: 1 },
  ByteStorage: { bytes: 1 },
  BoolStorage: { bytes: 1 },
}

/** Copies what a view sees of a storage's elements, row-major. @throws E_WEIGHTS when it leaves them. */
export function readView(name: string, view: StridedView, elements: Float32Array): FloatTensor {
  const { shape, strides, offset } = view
  const size = shape.reduce((product, length) => product * length, 1)
  const last = shape.reduce((sum, length, axis) => sum + (length - 1) * (strides[axis] ?? 0), offset)
  const isSound =
    shape.length === strides.length &&
    [...shape, ...strides, offset].every((value) => Number.isSafeInteger(value) && value >= 0)
  if (!isSound || (size > 0 && last >= elements.length)) {
    throw new ConvkitError(
      'E_WEIGHTS',
      `${name} [${shape.join(',')}] with strides [${strides.join(',')}] from ${offset} leaves its storage of ${elements.length} elements; the file is damaged`,
    )
  }
  if (isContiguous(shape, strides)) return floatTensor(shape, elements.slice(offset, offset + size))
  const data = new Float32Array(size)
  let to = 0
  const copy = (axis: number, from: number) => {
    if (axis === shape.length) data[to++] = elements[from] as number
    else
      for (let i = 0; i < (shape[axis] as number); i++) copy(axis + 1, from + i * (strides[axis] as number))
  }
  copy(0, offset)
  return floatTensor(shape, data)
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false
    expected *= shape[axis] as number
  }
  return true
}

/** The elements of a storage of floats. @throws E_WEIGHTS when there are fewer bytes than it should have. */
export function readStorage({ key, format, bytes: expected }: Storage, bytes: Uint8Array): Float32Array {
  if (bytes.length < expected || !format) {
    throw new ConvkitError(
      'E_WEIGHTS',
      `Storage ${key} has ${bytes.length} bytes instead of ${expected}; the file is damaged`,
    )
  }
  return readFloats(format, bytes.subarray(0, expected))
}
