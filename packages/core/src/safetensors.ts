import { ConvkitError, formatShape, sizeOf } from '@convkit/graph'
import * as v from 'valibot'
import { floatBytes, isFloatFormat, readFloats } from './float-formats.js'
import { floatTensor, type TensorMap } from './tensors.js'

const entrySchema = v.object({
  dtype: v.string(),
  shape: v.array(v.pipe(v.number(), v.integer(), v.minValue(0))),
  data_offsets: v.tuple([
    v.pipe(v.number(), v.integer(), v.minValue(0)),
    v.pipe(v.number(), v.integer(), v.minValue(0)),
  ]),
})
const headerSchema = v.record(v.string(), v.unknown())

/** Bytes before the JSON header: its length as a little-endian 64-bit integer. */
const prefixBytes = 8
const maxHeaderBytes = 100_000_000

/** Writes float32 tensors in the safetensors format, in the order of the map. */
export function encodeSafetensors(
  tensors: TensorMap,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  let offset = 0
  const header: Record<string, unknown> = { __metadata__: { format: 'pt', ...metadata } }
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] }
    offset += data.byteLength
  }
  const text = JSON.stringify(header)
  const json = new TextEncoder().encode(
    text + ' '.repeat((8 - (new TextEncoder().encode(text).length % 8)) % 8),
  )
  const bytes = new Uint8Array(prefixBytes + json.length + offset)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true)
  bytes.set(json, prefixBytes)
  let position = prefixBytes + json.length
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position)
    position += data.byteLength
  }
  return bytes
}

/**
 * Reads the float tensors of a safetensors file; 16-bit floats are widened and integers (such as
 * `num_batches_tracked`) left out.
 *
 * @throws E_SAFETENSORS when the header is not valid, a tensor leaves the file or overlaps another, or bytes are left over.
 */
export function decodeSafetensors(bytes: Uint8Array, source = 'safetensors'): TensorMap {
  const fail = (problem: string): never => {
    throw new ConvkitError(
      'E_SAFETENSORS',
      `${source} ${problem}; the file is damaged or not a safetensors file`,
    )
  }
  if (bytes.length < prefixBytes) fail(`has ${bytes.length} bytes, fewer than a header`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerLength = Number(view.getBigUint64(0, true))
  const start = prefixBytes + headerLength
  if (headerLength > maxHeaderBytes || start > bytes.length)
    fail(`announces a header of ${headerLength} bytes, but has ${bytes.length}`)

  const entries = Object.entries(parseHeader(bytes.subarray(prefixBytes, start), fail))
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => {
      const entry = v.safeParse(entrySchema, value)
      if (!entry.success) return fail(`has a bad entry for ${JSON.stringify(name)}`)
      return { name, ...entry.output }
    })
    .sort((a, b) => a.data_offsets[0] - b.data_offsets[0])

  let end = 0
  for (const {
    name,
    dtype,
    shape,
    data_offsets: [from, to],
  } of entries) {
    const size = bytesPerElement[dtype]
    if (size === undefined) fail(`holds ${name} in the unknown dtype ${JSON.stringify(dtype)}`)
    if (from !== end || to - from !== sizeOf(shape) * (size ?? 0)) {
      fail(`places ${name} ${formatShape(shape)} at bytes ${from} to ${to}, where ${end} was next`)
    }
    end = to
  }
  if (start + end !== bytes.length)
    fail(`has ${bytes.length - start} bytes of data, but its header describes ${end}`)

  const tensors: TensorMap = new Map()
  for (const {
    name,
    dtype,
    shape,
    data_offsets: [from, to],
  } of entries) {
    if (!isFloatFormat(dtype)) continue
    tensors.set(name, floatTensor(shape, readFloats(dtype, bytes.subarray(start + from, start + to))))
  }
  return tensors
}

function parseHeader(json: Uint8Array, fail: (problem: string) => never): Record<string, unknown> {
  try {
    return v.parse(headerSchema, JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json)))
  } catch {
    return fail('has a header that is not a JSON object')
  }
}

const bytesPerElement: Readonly<Record<string, number>> = {
  ...floatBytes,
  I64: 8,
  U64: 8,
  I32: 4,
  U32: 4,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
}
