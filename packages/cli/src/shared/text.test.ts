import { expect, test } from 'vitest'
import { counted, fitted, listed, scaled, table } from './text.js'

test('numbers and lists', () => {
  expect([12, 61_706, 850_000, 11_176_512, 1.82e9].map(scaled)).toEqual([
    '12',
    '61.7 k',
    '850 k',
    '11.2 M',
    '1.8 G',
  ])
  expect([counted(1, 'image'), counted(1200, 'image'), counted(3, 'class')]).toEqual([
    '1 image',
    '1,200 images',
    '3 classes',
  ])
  expect([listed(['a', 'b'], 2), listed(['a', 'b', 'c', 'd'], 2)]).toEqual(['a, b', 'a, b, and 2 more'])
})

test('tables line up', () => {
  expect(
    table([
      ['name', 'n'],
      ['a', '10'],
      ['long name', '5'],
    ]),
  ).toBe('name        n\na          10\nlong name   5')
})

test('a column is cut where the table would be too wide', () => {
  const rows = [
    ['name', 'weights', 'n'],
    ['a', 'a_very_long_tag', '10'],
    ['bb', 'short', '5'],
  ]
  expect(table(fitted(rows, 1, { width: 18 }), [0, 1])).toBe(
    'name  weights    n\na     a_very_…  10\nbb    short      5',
  )
  expect(fitted(rows, 1, { width: 18, keep: 'end' })[1]?.[1]).toBe('…ong_tag')
  expect(fitted(rows, 1)).toEqual(rows)
})
