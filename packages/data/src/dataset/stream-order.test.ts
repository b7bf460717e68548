import fc from 'fast-check'
import { expect, test } from 'vitest'
import { streamOrder } from './stream-order.js'

const counts = fc.array(fc.nat(9), { minLength: 1, maxLength: 8 })
const shuffle = fc.option(fc.record({ seed: fc.nat(5), epoch: fc.nat(5) }), { nil: undefined })

/** The images of one process's epoch, as shard and place. */
function images(shards: readonly number[], order: ReturnType<typeof streamOrder>): string[] {
  const read = order.shards.flatMap((shard) =>
    Array.from({ length: shards[shard]! }, (_, place) => `${shard}/${place}`),
  )
  return [...order.order()].map((number) => read[number * order.step + order.offset]!)
}

test('processes share all images, each of them once; with dropLast as many each', () => {
  fc.assert(
    fc.property(
      ...[counts, shuffle, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 12 })],
      (shards, shuffled, worldSize, buffer) => {
        const parts = (dropLast: boolean) =>
          Array.from({ length: worldSize }, (_, rank) => {
            const options = { ...(shuffled && { shuffle: shuffled }), shard: { rank, worldSize }, dropLast }
            return images(shards, streamOrder(shards, options, buffer))
          })
        const all = shards.flatMap((count, shard) =>
          Array.from({ length: count }, (_, place) => `${shard}/${place}`),
        )
        expect(parts(false).flat().sort()).toEqual(all.sort())
        const even = parts(true)
        expect(new Set(even.map(({ length }) => length)).size).toBe(1)
        expect(new Set(even.flat()).size).toBe(even.flat().length)
      },
    ),
  )
})

test('no image comes before its buffer could hold it, and most of them anywhere in it', () => {
  const order = [...streamOrder([500, 500], { shuffle: { seed: 1, epoch: 0 } }, 50).order()]
  for (const [at, number] of order.entries()) expect(number).toBeLessThan(at + 50)
  expect(order.filter((number, at) => Math.abs(number - at) > 5).length).toBeGreaterThan(800)
  expect([...streamOrder([500, 500], { shuffle: { seed: 1, epoch: 1 } }, 50).order()]).not.toEqual(order)
  expect([...streamOrder([500, 500], {}, 50).order()]).toEqual(Array.from({ length: 1000 }, (_, i) => i))
})

test.each([0, 1.5, Number.NaN])('a buffer of %d images is refused', (buffer) => {
  expect(() => streamOrder([1], {}, buffer)).toThrow(/shuffleBuffer must be a whole number/)
})
