import fc from 'fast-check'
import { expect, it } from 'vitest'
import { neighbours } from './neighbours.js'

it('keeps all items in order, in groups within the limit or of one item, none of which the next item fitted', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), fc.integer({ min: 1, max: 30 }), (sizes, limit) => {
      const groups = neighbours(sizes, (size) => size, limit)
      const total = (group: readonly number[]) => group.reduce((sum, size) => sum + size, 0)
      expect(groups.flat()).toEqual(sizes)
      for (const [index, group] of groups.entries()) {
        expect(group.length === 1 || total(group) <= limit).toBe(true)
        const next = groups[index + 1]?.[0]
        if (next !== undefined) expect(total(group) + next).toBeGreaterThan(limit)
      }
    }),
  )
})
