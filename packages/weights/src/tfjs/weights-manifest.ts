import { ConvkitError, type FloatTensor, floatTensor, readFloats, type TensorMap } from '@convkit/core'
import * as v from 'valibot'

const dimension = v.pipe(v.number(), v.integer(), v.minValue(0))
const entrySchema = v.object({
  name: v.string(),
  shape: v.array(dimension),
  dtype: v.picklist(['float32', 'int32', 'bool']),
  quantization: v.optional(
    v.variant('dtype', [
      v.object({ dtype: v.picklist(['uint8', 'uint16']), scale: v.number(), min: v.number() }),
      v.object({ dtype: v.literal('float16') }),
    ]),
  ),
})

/** Tensors in the order of their bytes, in files that follow one another. */
export const groupSchema = v.object({ paths: v.array(v.string()), weights: v.array(entrySchema) })

export type ManifestEntry = v.InferOutput<typeof entrySchema>

/** Bytes of an element as it is stored. */
const storedBytes = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2 } as const

function bytesOf({ shape, dtype, quantization }: ManifestEntry): number {
  return shape.reduce((product, size) => product * size, storedBytes[quantization?.dtype ?? dtype])
}

/**
 * The tensors of floats of one group of a weights manifest, out of the bytes of its files; quantized ones are widened.
 *
 * @throws E_WEIGHTS when there are more or fewer bytes than the tensors have.
 */
export function decodeGroup(entries: readonly ManifestEntry[], bytes: Uint8Array, source: string): TensorMap {
  const expected = entries.reduce((sum, entry) => sum + bytesOf(entry), 0)
  if (expected !== bytes.length) {
    throw new ConvkitError(
      'E_WEIGHTS',
      `${source} describes ${expected} bytes of weights, but its files have ${bytes.length}; one is missing or cut short`,
    )
  }
  const tensors: TensorMap = new Map()
  let offset = 0
  for (const entry of entries) {
    const end = offset + bytesOf(entry)
    // Whole numbers, such as counters, are no weights.
    if (entry.dtype === 'float32') tensors.set(entry.name, decode(entry, bytes.subarray(offset, end)))
    offset = end
  }
  return tensors
}

function decode({ shape, quantization }: ManifestEntry, bytes: Uint8Array): FloatTensor {
  if (!quantization) return floatTensor(shape, readFloats('F32', bytes))
  if (quantization.dtype === 'float16') return floatTensor(shape, readFloats('F16', bytes))
  const { dtype, scale, min } = quantization
  const whole = dtype === 'uint8' ? bytes : new Uint16Array(new Uint8Array(bytes).buffer)
  return floatTensor(
    shape,
    Float32Array.from(whole, (value) => value * scale + min),
  )
}
