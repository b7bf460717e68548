import {
  ConvkitError,
  type FloatFormat,
  type FloatTensor,
  floatBytes,
  floatTensor,
  readFloats,
} from '@convkit/core'

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

/** What the storages of floats keep, by the names of PyTorch's classes. */
const floatStorages: Readonly<Record<string, FloatFormat>> = {
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  FloatStorage: 'F32',
  DoubleStorage: 'F64',
}

/** Bytes of an element of the storages of whole numbers. */
const wholeStorages: Readonly<Record<string, number>> = {
  LongStorage: 8,
  IntStorage: 4,
  ShortStorage: 2,
  CharStorage: 1,
  ByteStorage: 1,
  BoolStorage: 1,
}

/** A storage of PyTorch's class `type`; undefined for one of another kind. */
export function storageOfType(type: string, key: string, elements: number): Storage | undefined {
  const format = Object.hasOwn(floatStorages, type) ? floatStorages[type] : undefined
  const width = format
    ? floatBytes[format]
    : Object.hasOwn(wholeStorages, type)
      ? wholeStorages[type]
      : undefined
  return width === undefined ? undefined : { key, format, elements, bytes: width * elements }
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
