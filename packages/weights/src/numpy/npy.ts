import {
  ConvkitError,
  type FloatFormat,
  type FloatTensor,
  floatBytes,
  floatTensor,
  readFloats,
} from '@convkit/core'

const formats: Readonly<Record<string, FloatFormat>> = { f2: 'F16', f4: 'F32', f8: 'F64' }

/**
 * Reads an array of floats in NumPy's `.npy` format (versions 1 to 3), little-endian, in C or Fortran order.
 *
 * @returns undefined for an array of whole numbers or texts.
 * @throws E_WEIGHTS when it is damaged, or holds objects, which could run code.
 */
export function readNpy(bytes: Uint8Array, name: string): FloatTensor | undefined {
  const fail = (problem: string): never => {
    throw new ConvkitError('E_WEIGHTS', `${name} ${problem}; it is not an array that NumPy saved`)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const isNpy =
    bytes.length >= 12 && bytes[0] === 0x93 && new TextDecoder().decode(bytes.subarray(1, 6)) === 'NUMPY'
  if (!isNpy) return fail('does not begin as one')
  const isFirstVersion = bytes[6] === 1
  const start = isFirstVersion ? 10 : 12
  const length = isFirstVersion ? view.getUint16(8, true) : view.getUint32(8, true)
  if (length > bytes.length - start) return fail(`has a header of ${length} bytes, which is longer than it`)
  const header = new TextDecoder().decode(bytes.subarray(start, start + length))
  const type = /'descr': *'([<>=|])([a-zA-Z]\d*)'/.exec(header)
  const order = /'fortran_order': *(True|False)/.exec(header)?.[1]
  const dimensions = /'shape': *\(([\d, ]*)\)/.exec(header)?.[1]
  if (!type || !order || dimensions === undefined)
    return fail(`has the header ${JSON.stringify(header.trim().slice(0, 80))}`)
  const [, endian, code = ''] = type
  const format = Object.hasOwn(formats, code) ? formats[code] : undefined
  if (!format) return /^[iubU]/.test(code) ? undefined : fail(`holds ${code}, not numbers`)
  if (endian === '>') return fail('is big-endian')

  const shape = dimensions.split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size)]))
  const size = shape.reduce((product, length) => product * length, 1)
  const data = bytes.subarray(start + length)
  if (data.length !== size * floatBytes[format]) {
    return fail(
      `has ${data.length} bytes of data instead of ${size * floatBytes[format]} for [${shape.join(',')}]`,
    )
  }
  const values = readFloats(format, data)
  return floatTensor(shape, order === 'True' ? fromFortranOrder(values, shape) : values)
}

/** Row-major values of an array whose first axis varies fastest. */
function fromFortranOrder(values: Float32Array, shape: readonly number[]): Float32Array {
  const result = new Float32Array(values.length)
  const index = shape.map(() => 0)
  for (let to = 0; to < result.length; to++) {
    const from = index.reduceRight((sum, at, axis) => sum * (shape[axis] as number) + at, 0)
    result[to] = values[from] as number
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = ((index[axis] as number) + 1) % (shape[axis] as number)
      if (index[axis] !== 0) break
    }
  }
  return result
}
