import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plot } from './plot.js'

test('a curve has its largest value above and its least below', () => {
  expect(plot([3, 2, 1, 2], { height: 3, marked: 1 })).toBe(
    ['3.000 │·', '      │ ● ·', '1.000 │  ·'].join('\n'),
  )
})

test('any curve fits, one point a column', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 300 }),
      (values) => {
        const lines = plot(values, { width: 40, height: 7 }).split('\n')
        expect(lines).toHaveLength(7)
        const points = lines.join('').split('·').length - 1
        expect(points).toBe(Math.min(40, values.length))
      },
    ),
  )
})
