import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { readNpy } from './npy.js'
import { readNpz } from './read-npz.js'

const fixture = (name: string) => join(import.meta.dirname, '../fixtures', name)
const folder = mkdtempSync(join(tmpdir(), 'convkit-npz-'))
afterAll(() => rmSync(folder, { recursive: true }))

it.each(['arrays.npz', 'compressed.npz'])('reads %s', async (name) => {
  const tensors = await readNpz(fixture(name))
  const plain = Object.fromEntries(
    [...tensors].map(([key, { shape, data }]) => [key, [[...shape], [...data]]]),
  )
  expect(plain).toEqual({
    single: [
      [2, 3],
      [0, 1, 2, 3, 4, 5],
    ],
    double: [[4], [0, 1, 2, 3]],
    half: [[2], [0.5, -2]],
    fortran: [
      [2, 3],
      [0, 1, 2, 3, 4, 5],
    ],
    scalar: [[], [2.5]],
  })
})

it('refuses objects and other files', async () => {
  await expect(readNpz(fixture('objects.npz'))).rejects.toThrow(/things\.npy holds O, not numbers/)
  await expect(readNpz(fixture('legacy.pth'))).rejects.toThrow(/is not a zip archive/)
  await expect(readNpz(fixture('state.pth'))).rejects.toThrow(/holds no arrays of floats/)
})

it('a file cut anywhere is a coded error', async () => {
  const bytes = readFileSync(fixture('arrays.npz'))
  const file = join(folder, 'cut.npz')
  for (let length = 0; length < bytes.length - 1; length += 61) {
    writeFileSync(file, bytes.subarray(0, length))
    await expect(readNpz(file)).rejects.toMatchObject({ code: 'E_WEIGHTS' })
  }
})

it('any header is an array, nothing, or a coded error', () => {
  const magic = [0x93, ...new TextEncoder().encode('NUMPY'), 1, 0]
  const part = fc.constantFrom(
    "'descr': '<f4'",
    "'descr': '|O'",
    "'fortran_order': False",
    "'shape': (2,)",
    "'shape': (9999999999,)",
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 4 }), fc.uint8Array({ maxLength: 16 }), (parts, data) => {
      const header = new TextEncoder().encode(`{${parts.join(', ')}}\n`)
      const bytes = Uint8Array.from([...magic, header.length & 255, header.length >> 8, ...header, ...data])
      try {
        expect(readNpy(bytes, 'x')?.data.length).toBe(2)
      } catch (error) {
        expect(error).toMatchObject({ code: 'E_WEIGHTS' })
      }
    }),
  )
})
