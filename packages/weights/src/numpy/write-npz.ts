import { ConvkitError, type FloatTensor } from '@convkit/core'
import { zipSync } from 'fflate'

/** An array that NumPy reads: floats, whole numbers, or texts. */
export type NpzArray =
  | FloatTensor
  | { readonly dtype: 'int32'; readonly shape: readonly number[]; readonly data: Int32Array }
  | readonly string[]

/**
 * The bytes of a file that `numpy.load` opens, as `numpy.savez` writes them: arrays by name.
 *
 * @throws E_OUTPUT when an array has not as many values as its shape says.
 */
export function encodeNpz(arrays: Readonly<Record<string, NpzArray>>): Uint8Array {
  const files = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, encodeNpy(name, array)])
  // Arrays hardly shrink, and reading stored ones is faster.
  return zipSync(Object.fromEntries(files), { level: 0, mtime: '1980-01-01' })
}

function encodeNpy(name: string, array: NpzArray): Uint8Array {
  if (!('dtype' in array)) return encodeTexts(array)
  const { dtype, shape, data } = array
  if (data.length !== shape.reduce((product, size) => product * size, 1)) {
    throw new ConvkitError('E_OUTPUT', `${name} has ${data.length} values, not those of [${shape.join(',')}]`)
  }
  const bytes = new DataView(new ArrayBuffer(4 * data.length))
  data.forEach((value, at) => {
    if (dtype === 'int32') bytes.setInt32(4 * at, value, true)
    else bytes.setFloat32(4 * at, value, true)
  })
  return npy(dtype === 'int32' ? '<i4' : '<f4', shape, new Uint8Array(bytes.buffer))
}

/** Code points of four bytes each, all texts as long as the longest. */
function encodeTexts(texts: readonly string[]): Uint8Array {
  const points = texts.map((text) => Array.from(text, (letter) => letter.codePointAt(0) ?? 0))
  const length = points.reduce((most, text) => Math.max(most, text.length), 1)
  const bytes = new DataView(new ArrayBuffer(4 * length * texts.length))
  points.forEach((text, row) => {
    text.forEach((point, at) => {
      bytes.setUint32(4 * (row * length + at), point, true)
    })
  })
  return npy(`<U${length}`, [texts.length], new Uint8Array(bytes.buffer))
}

/** Version 1 of the format: the header ends at a multiple of 64 bytes. */
function npy(descr: string, shape: readonly number[], data: Uint8Array): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${sizes}), }`
  const length = 64 * Math.ceil((10 + header.length + 1) / 64) - 10
  const bytes = new Uint8Array(10 + length + data.length)
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, length & 255, length >> 8])
  bytes.set(new TextEncoder().encode(`${header.padEnd(length - 1)}\n`), 10)
  bytes.set(data, 10 + length)
  return bytes
}
