import { ConvkitError } from '@convkit/core'
import { imageBytes, type ServedModel } from '../backend/backend.js'
import type { InferenceBody } from './body.js'
import type { RequestInput } from './schema.js'

/** The images of a request: pixels of the network's input size, uint8 `[h, w, c]` each, or encoded files. */
export type RequestImages =
  | { readonly pixels: readonly Uint8Array[] }
  | { readonly files: readonly Uint8Array[] }

/** The name of the one input. */
export const inputName = 'image'

/**
 * The images of a request's input. UINT8 and FP32 are pixels `[n, h, w, c]`, FP32 numbers from 0 to 255 that are rounded;
 * BYTES are `[n]` files, in JSON as base64.
 *
 * @throws E_REQUEST where the input, its shape or its data are not what the model takes.
 */
export function imagesOf({ request, binary }: InferenceBody, model: ServedModel): RequestImages {
  const [input, ...others] = request.inputs
  if (!input || others.length > 0 || input.name !== inputName) {
    const given = request.inputs.map(({ name }) => `'${name}'`).join(', ') || 'none'
    throw wrong(`The model takes one input, '${inputName}'; got ${given}`)
  }
  const [bytes] = binary
  return input.datatype === 'BYTES'
    ? { files: filesOf(input, bytes) }
    : { pixels: pixelsOf(input, bytes, model) }
}

function pixelsOf(input: RequestInput, bytes: Uint8Array | undefined, model: ServedModel): Uint8Array[] {
  const { inputSize, channels } = model.preprocessing
  const expected = [...inputSize, channels]
  const [count = 0, ...rest] = input.shape
  if (count < 1 || rest.join() !== expected.join()) {
    throw wrong(
      `Input '${inputName}' must have the shape [n, ${expected.join(', ')}], got [${input.shape.join(', ')}]`,
    )
  }
  const length = imageBytes(model)
  const values = bytes ? fromBinary(input, bytes, count * length) : fromJson(input, count * length)
  const pixels = values instanceof Uint8Array ? values : rounded(values)
  return Array.from({ length: count }, (_, row) => pixels.subarray(row * length, (row + 1) * length))
}

function fromBinary({ datatype }: RequestInput, bytes: Uint8Array, count: number): Uint8Array | Float32Array {
  const size = datatype === 'FP32' ? 4 : 1
  if (bytes.length !== count * size) {
    throw wrong(
      `Input '${inputName}' of its shape has ${count * size} bytes as ${datatype}, got ${bytes.length}`,
    )
  }
  if (datatype === 'UINT8') return bytes
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * i, true))
}

function fromJson({ data }: RequestInput, count: number): readonly number[] {
  const values = flat(data)
  if (values.length !== count) {
    throw wrong(`Input '${inputName}' of its shape has ${count} values, got ${values.length}`)
  }
  return values.map((value) => {
    if (typeof value === 'number') return value
    throw wrong(`Input '${inputName}' must be numbers, got ${JSON.stringify(value)}`)
  })
}

function rounded(values: ArrayLike<number>): Uint8Array {
  return Uint8Array.from(values, (value) => {
    if (value >= 0 && value <= 255) return Math.round(value)
    throw wrong(
      `Input '${inputName}' must be pixels from 0 to 255, got ${value}; normalising them belongs to the model`,
    )
  })
}

function filesOf(input: RequestInput, bytes: Uint8Array | undefined): Uint8Array[] {
  const [count = 0, one = 1, ...rest] = input.shape
  if (count < 1 || one !== 1 || rest.length > 0) {
    throw wrong(`Input '${inputName}' of BYTES must have the shape [n], got [${input.shape.join(', ')}]`)
  }
  const files = bytes ? splitBytes(bytes) : flat(input.data).map(fromBase64)
  if (files.length === count) return files
  throw wrong(`Input '${inputName}' of its shape has ${count} files, got ${files.length}`)
}

/** Elements of BYTES: each its length in four bytes, little-endian, then as many bytes. */
function splitBytes(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const elements: Uint8Array[] = []
  for (let offset = 0; offset < bytes.length; ) {
    const left = bytes.length - offset - 4
    const length = left < 0 ? 0 : view.getUint32(offset, true)
    if (left < 0 || length > left) {
      throw wrong(`Element ${elements.length} of input '${inputName}' ends beyond its data`)
    }
    elements.push(bytes.subarray(offset + 4, offset + 4 + length))
    offset += 4 + length
  }
  return elements
}

function fromBase64(value: unknown): Uint8Array {
  if (typeof value === 'string' && /^[\w+/-]*={0,2}$/.test(value)) return Buffer.from(value, 'base64')
  throw wrong(`Input '${inputName}' of BYTES must be files in base64`)
}

const flat = (data: readonly unknown[] | undefined): unknown[] =>
  (data ?? []).flat(Number.POSITIVE_INFINITY) as unknown[]

const wrong = (message: string) => new ConvkitError('E_REQUEST', message)
