import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { hashedBytes, hashedPositions, hashedValues } from './hashed-values.js'

// What tools/fixtures/zoo/hashed.py makes of the same names.

test('numbers', () => {
  expect([...hashedValues('layer1.0.bn1.running_var', 4, 0.5, 1.5)]).toEqual([
    1.0775597095489502, 0.7044824957847595, 0.7247814536094666, 0.9019995331764221,
  ])
  const many = Buffer.from(hashedValues('fc.weight', 100_000, -0.1, 0.3).buffer)
  expect(createHash('sha256').update(many).digest('hex')).toBe(
    '1e826ba0ef0b10fac5581fef064476dc1def80094cc3323a9ef2eaa79836cbb5',
  )
})

test('numbers of some levels', () => {
  expect([...hashedValues('layer1.0.bn1.bias', 6, -9, 5, 3)]).toEqual([-9, -2, -2, -9, -2, 5])
})

test('bytes', () => {
  expect([...hashedBytes('image', 6)]).toEqual([188, 85, 60, 79, 20, 51])
})

test('positions', () => {
  expect(hashedPositions(1000, 6)).toEqual([0, 999, 831, 193, 595, 138])
  expect(hashedPositions(2 ** 31, 4)).toEqual([0, 2147483647, 1048086831, 2051402193])
  expect(hashedPositions(3, 4)).toEqual([0, 1, 2])
})
