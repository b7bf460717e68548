import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { floatTensor } from '@convkit/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readNpz } from './read-npz.js'
import { encodeNpz, type NpzArray } from './write-npz.js'

async function readBack(arrays: Readonly<Record<string, NpzArray>>) {
  const folder = await mkdtemp(join(tmpdir(), 'convkit-npz-'))
  try {
    const file = join(folder, 'arrays.npz')
    await writeFile(file, encodeNpz(arrays))
    return await readNpz(file)
  } finally {
    await rm(folder, { recursive: true })
  }
}

test('floats of any shape come back', { timeout: 60_000 }, async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(sizes, fc.infiniteStream(fc.float({ noNaN: true })), async (shape, values) => {
      const length = shape.reduce((product, size) => product * size, 1)
      const data = Float32Array.from({ length }, () => values.next().value)
      const [name, tensor] = [...(await readBack({ some: floatTensor(shape, data) }))][0] ?? []
      expect(name).toBe('some')
      expect(tensor).toEqual({ dtype: 'float32', shape, data })
    }),
    { numRuns: 12 },
  )
})

test('whole numbers and texts stand beside them, as NumPy writes them', async () => {
  const bytes = encodeNpz({
    rows: floatTensor([1, 2], Float32Array.of(1, 2)),
    labels: { dtype: 'int32', shape: [2], data: Int32Array.of(7, -1) },
    paths: ['é.png', '🦊'],
  })
  const text = new TextDecoder('latin1').decode(bytes)
  expect(text).toContain("{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }")
  expect(text).toContain("{'descr': '<U5', 'fortran_order': False, 'shape': (2,), }")
  // The same arrays give the same bytes.
  expect(encodeNpz({ a: ['x'] })).toEqual(encodeNpz({ a: ['x'] }))
})

test('an array must fill its shape', () => {
  expect(() => encodeNpz({ rows: floatTensor([2, 2], new Float32Array(3)) })).toThrow(
    'rows has 3 values, not those of [2,2]',
  )
})
