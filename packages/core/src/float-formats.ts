/** How files keep floating-point numbers: IEEE 754 of 16, 32 and 64 bits, and bfloat16, all little-endian. */
export type FloatFormat = 'F16' | 'BF16' | 'F32' | 'F64'

/** Bytes of a number. */
export const floatBytes: Readonly<Record<FloatFormat, number>> = { F16: 2, BF16: 2, F32: 4, F64: 8 }

const readers: Readonly<Record<FloatFormat, (buffer: ArrayBuffer) => Float32Array>> = {
  F64: (buffer) => Float32Array.from(new Float64Array(buffer)),
  F32: (buffer) => new Float32Array(buffer),
  F16: (buffer) => Float32Array.from(new Uint16Array(buffer), halfToNumber),
  BF16: (buffer) => new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer),
}

export function isFloatFormat(name: string): name is FloatFormat {
  return Object.hasOwn(readers, name)
}

/** A copy of numbers in a file, as float32. */
export function readFloats(format: FloatFormat, bytes: Uint8Array): Float32Array {
  // The copy is aligned, whatever the offset of the bytes.
  return readers[format](new Uint8Array(bytes).buffer)
}

/** IEEE 754 binary16 to a number. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
