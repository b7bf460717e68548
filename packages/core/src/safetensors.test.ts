import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeSafetensors, encodeSafetensors } from './safetensors.js'
import { floatTensor, type TensorMap } from './tensors.js'

const tensors = fc
  .uniqueArray(
    fc.record({
      name: fc.string().map((name) => `layer.${name}`),
      values: fc.float32Array({ maxLength: 12 }),
    }),
    { selector: ({ name }) => name, maxLength: 6 },
  )
  .map(
    (list): TensorMap =>
      new Map(list.map(({ name, values }) => [name, floatTensor([values.length], values)])),
  )

/** A file with this header and these data. */
function file(header: unknown, data = new Uint8Array()): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const bytes = new Uint8Array(8 + json.length + data.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true)
  bytes.set(json, 8)
  bytes.set(data, 8 + json.length)
  return bytes
}

describe('safetensors', () => {
  it('reads back what it wrote, in order', () => {
    fc.assert(
      fc.property(tensors, (map) => {
        expect([...decodeSafetensors(encodeSafetensors(map))]).toEqual([...map])
      }),
    )
  })

  it('never fails but by E_SAFETENSORS', () => {
    const damaged = fc.tuple(tensors, fc.nat(), fc.nat(255)).map(([map, at, value]) => {
      const bytes = encodeSafetensors(map)
      bytes[at % bytes.length] = value
      return bytes
    })
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 64 }), damaged), (bytes) => {
        try {
          decodeSafetensors(bytes)
        } catch (error) {
          expect(error).toMatchObject({ code: 'E_SAFETENSORS' })
        }
      }),
    )
  })

  it('widens half and bfloat16, and leaves integers out', () => {
    const data = new Uint8Array([0x00, 0x3c, 0x00, 0xc0, 0x80, 0x3f, 0x20, 0xc0, 1, 0, 0, 0, 0, 0, 0, 0])
    const decoded = decodeSafetensors(
      file(
        {
          half: { dtype: 'F16', shape: [2], data_offsets: [0, 4] },
          brain: { dtype: 'BF16', shape: [2], data_offsets: [4, 8] },
          num_batches_tracked: { dtype: 'I64', shape: [], data_offsets: [8, 16] },
        },
        data,
      ),
    )
    expect([...decoded.keys()]).toEqual(['half', 'brain'])
    expect([...(decoded.get('half')?.data ?? [])]).toEqual([1, -2])
    expect([...(decoded.get('brain')?.data ?? [])]).toEqual([1, -2.5])
  })

  it.each([
    ['an announced header beyond the file', new Uint8Array([255, 255, 0, 0, 0, 0, 0, 0, 1])],
    ['a header that is not JSON', file('{oops')],
    ['bytes left over', file({}, new Uint8Array(3))],
    [
      'a tensor beyond the file',
      file({ a: { dtype: 'F32', shape: [4], data_offsets: [0, 16] } }, new Uint8Array(8)),
    ],
    [
      'a shape that its bytes do not fill',
      file({ a: { dtype: 'F32', shape: [3], data_offsets: [0, 8] } }, new Uint8Array(8)),
    ],
    [
      'tensors that overlap',
      file(
        {
          a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
          b: { dtype: 'F32', shape: [2], data_offsets: [4, 12] },
        },
        new Uint8Array(12),
      ),
    ],
    ['an unknown dtype', file({ a: { dtype: 'F8', shape: [1], data_offsets: [0, 1] } }, new Uint8Array(1))],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeSafetensors(bytes, 'w.safetensors')).toThrow(/w\.safetensors .*damaged/)
  })
})
