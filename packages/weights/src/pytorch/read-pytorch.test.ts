import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { unpickle } from './pickle.js'
import { readPyTorch } from './read-pytorch.js'
import { stateDictReader } from './state-dict.js'

const fixture = (name: string) => join(import.meta.dirname, '../fixtures', name)
const folder = mkdtempSync(join(tmpdir(), 'convkit-pytorch-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ramp = (count: number) => Array.from({ length: count }, (_, i) => i / 4 - 1)
const expected: Record<string, { shape: number[]; data: number[] }> = {
  'conv.weight': { shape: [2, 1, 3, 3], data: ramp(18) },
  half: { shape: [3], data: ramp(3) },
  bfloat: { shape: [3], data: ramp(3) },
  double: { shape: [2, 2], data: ramp(4) },
  transposed: {
    shape: [6, 4],
    data: Array.from({ length: 24 }, (_, i) => ramp(24)[6 * (i % 4) + Math.floor(i / 4)] ?? Number.NaN),
  },
  window: { shape: [2, 2], data: [8, 9, 14, 15].map((i) => i / 4 - 1) },
  scalar: { shape: [], data: [2.5] },
  empty: { shape: [0, 3], data: [] },
  parameter: { shape: [2], data: ramp(2) },
}

describe('readPyTorch', () => {
  it.each(['state.pth', 'legacy.pth', 'checkpoint.pth'])('reads %s', async (name) => {
    const tensors = await readPyTorch(fixture(name))
    const plain = Object.fromEntries(
      [...tensors].map(([key, { shape, data }]) => [key, { shape: [...shape], data: [...data] }]),
    )
    expect(plain).toEqual(expected)
    expect([...tensors.keys()]).toEqual(Object.keys(expected))
  })

  it.each([
    [
      'a pickled module',
      'module.pth',
      'E_PICKLE',
      /holds an object of torch\.nn\.modules\.linear\.Linear.*could run code/,
    ],
    ['no state dict', 'nothing.pth', 'E_WEIGHTS', /holds no state dict, but epoch/],
    [
      'a view larger than memory',
      'expanded.pth',
      'E_WEIGHTS',
      /repeated \[1099511627776\] makes \d+ numbers out of 1 /,
    ],
    ['another zip', 'arrays.npz', 'E_WEIGHTS', /has no data\.pkl/],
    ['a missing file', 'none.pth', 'E_WEIGHTS', /there is no such file/],
  ])('refuses %s', async (_, name, code, message) => {
    await expect(readPyTorch(fixture(name))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })

  it.each(['state.pth', 'legacy.pth'])('%s cut anywhere is a coded error', async (name) => {
    const bytes = readFileSync(fixture(name))
    const file = join(folder, name)
    for (let length = 0; length < bytes.length - 1; length += 97) {
      writeFileSync(file, bytes.subarray(0, length))
      await expect(readPyTorch(file), `${length} bytes`).rejects.toMatchObject({
        code: expect.stringMatching(/^E_/),
      })
    }
  })
})

describe('unpickle', () => {
  const read = (bytes: Uint8Array) => unpickle(bytes, 0, stateDictReader('x.pth'), 'x.pth').value
  const text = (value: string) => new TextEncoder().encode(value)

  it('runs nothing: a call of another function is an error that names it', () => {
    // cos\nsystem\n(X\x02\0\0\0lstR.
    const attack = Uint8Array.from([...text('cos\nsystem\n(X'), 2, 0, 0, 0, ...text('lstR.')])
    expect(() => read(attack)).toThrow(/holds an object of os\.system.*could run code/)
  })

  it('refuses opcodes that import or run', () => {
    for (const opcode of [0x69, 0x6f, 0x82, 0x92]) {
      expect(() => read(Uint8Array.from([0x80, 2, 0x28, opcode, 0x2e]))).toThrow(
        /opcode 0x[0-9a-f]+ is not one/,
      )
    }
  })

  it('refuses whole numbers of any length, and tuples that reach behind a mark', () => {
    const long = Uint8Array.from([0x80, 2, 139, 0, 1, 0, 0, ...new Uint8Array(256), 0x2e])
    expect(() => read(long)).toThrow(/a whole number has 256 bytes/)
    expect(() => read(Uint8Array.from([0x80, 2, 0x4e, 0x28, 0x4e, 0x86, 0x2e]))).toThrow(/the stack is empty/)
  })

  it('ends any bytes in a value or a coded error, without large allocations', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          read(bytes)
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^E_/) })
        }
      }),
      { numRuns: 2000 },
    )
  })
})
