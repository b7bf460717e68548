import { type Batch, type BatchOptions, ConvkitError, imagenetPreprocessing } from '@convkit/core'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { arrayDataset } from '../formats/array-dataset.js'
import { type DatasetDefinition, defineDataset } from './define-dataset.js'
import { subset } from './subset.js'

const preprocessing = { ...imagenetPreprocessing, inputSize: [2, 2], channels: 1, cropPct: 1 } as const

/** `length` images of one grey level each: their index. Those in `broken` cannot be read. */
function numbered(length: number, options: { broken?: readonly number[] } & Partial<DatasetDefinition> = {}) {
  const { broken = [], ...definition } = options
  return defineDataset({
    classes: ['even', 'odd'],
    labels: Array.from({ length }, (_, index) => index % 2),
    path: (index) => `image ${index}`,
    item(index) {
      if (broken.includes(index)) throw new ConvkitError('E_IMAGE', `image ${index} is truncated`)
      return { height: 2, width: 2, channels: 1, data: new Uint8Array(4).fill(index) }
    },
    ...definition,
  })
}

/** Copies of the batches, as their images share a buffer. */
async function collect(batches: AsyncIterable<Batch>) {
  const copies: Batch[] = []
  for await (const batch of batches) {
    copies.push({
      ...batch,
      images: batch.images.slice(),
      labels: batch.labels.slice(),
      indices: batch.indices.slice(),
    })
  }
  return copies
}

const indicesOf = async (batches: AsyncIterable<Batch>) =>
  (await collect(batches)).map((batch) => [...batch.indices])

describe('rows', () => {
  test('in order; the last batch is filled up with empty rows', async () => {
    const batches = await collect(numbered(5).batches({ batchSize: 3, preprocessing }))
    expect(batches.map(({ count }) => count)).toEqual([3, 2])
    expect(batches[0]).toMatchObject({ size: 3, height: 2, width: 2, channels: 1 })
    expect([...batches[1]!.images]).toEqual([3, 3, 3, 3, 4, 4, 4, 4, 0, 0, 0, 0])
    expect([...batches[1]!.labels]).toEqual([1, 0, -1])
    expect([...batches[1]!.indices]).toEqual([3, 4, -1])
  })

  test('the last batch is left out when asked', async () => {
    expect(await indicesOf(numbered(5).batches({ batchSize: 3, preprocessing, dropLast: true }))).toEqual([
      [0, 1, 2],
    ])
  })

  test('an empty dataset has no batch', async () => {
    expect(await indicesOf(numbered(0).batches({ batchSize: 3, preprocessing }))).toEqual([])
  })
})

describe('order', () => {
  const shuffled = (epoch: number, more: Partial<BatchOptions> = {}) =>
    indicesOf(numbered(20).batches({ batchSize: 4, preprocessing, shuffle: { seed: 7, epoch }, ...more }))

  test('each epoch has an order of its own, which repeats', async () => {
    const [first, again, second] = [await shuffled(0), await shuffled(0), await shuffled(1)]
    expect(again).toEqual(first)
    expect(second).not.toEqual(first)
    expect(first.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i))
  })

  test('skipped batches are those at the start, and are not decoded', async () => {
    const item = vi.fn(() => ({ height: 2, width: 2, channels: 1, data: new Uint8Array(4) }) as const)
    const dataset = numbered(20, { item })
    const rest = await indicesOf(
      dataset.batches({ batchSize: 4, preprocessing, shuffle: { seed: 7, epoch: 0 }, skip: 2 }),
    )
    expect(rest).toEqual((await shuffled(0)).slice(2))
    expect(item).toHaveBeenCalledTimes(12)
  })

  test('of several processes each has its part of one order', async () => {
    for (const shuffle of [undefined, { seed: 7, epoch: 2 }]) {
      const whole = (await indicesOf(numbered(11).batches({ batchSize: 3, preprocessing, shuffle }))).flat()
      const parts: number[][] = []
      for (const rank of [0, 1, 2]) {
        const options = { batchSize: 3, preprocessing, shuffle, shard: { rank, worldSize: 3 } }
        parts.push((await indicesOf(numbered(11).batches(options))).flat().filter((index) => index >= 0))
        const even = await indicesOf(numbered(11).batches({ ...options, batchSize: 1, dropLast: true }))
        expect(even).toHaveLength(3)
      }
      const order = whole.filter((index) => index >= 0)
      parts.forEach((part, rank) => {
        expect(part).toEqual(order.filter((_, at) => at % 3 === rank))
      })
    }
    const wrong = numbered(4).batches({ batchSize: 1, preprocessing, shard: { rank: 2, worldSize: 2 } })
    await expect(collect(wrong)).rejects.toThrow('shard needs a rank from 0 to worldSize − 1')
  })

  test('images that are read together stay together, in an order anew each epoch', async () => {
    // Blocks of 5 images, two of them in memory
    const dataset = numbered(40, { blocks: { of: (index) => Math.floor(index / 5), atOnce: 2 } })
    const orders = await Promise.all(
      [0, 1].map(async (epoch) =>
        (
          await indicesOf(dataset.batches({ batchSize: 10, preprocessing, shuffle: { seed: 3, epoch } }))
        ).flat(),
      ),
    )
    for (const order of orders) {
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i))
      for (let from = 0; from < 40; from += 10) {
        const pool = order.slice(from, from + 10)
        expect(new Set(pool.map((index) => Math.floor(index / 5))).size).toBe(2)
        expect(pool).not.toEqual([...pool].sort((a, b) => a - b))
      }
    }
    expect(orders[0]).not.toEqual(orders[1])
    const half = subset(
      dataset,
      Array.from({ length: 20 }, (_, i) => 2 * i),
    )
    const [first] = await indicesOf(
      half.batches({ batchSize: 4, preprocessing, shuffle: { seed: 3, epoch: 0 } }),
    )
    expect(new Set(first!.map((index) => Math.floor((2 * index) / 5))).size).toBeLessThanOrEqual(2)
  })

  test('whatever time each image takes, batches are the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(4), { minLength: 12, maxLength: 12 }),
        fc.subarray([0, 3, 4, 11]),
        async (delays, broken) => {
          const slow = numbered(12, {
            async item(index) {
              for (let i = 0; i < delays[index]!; i++) await new Promise(setImmediate)
              return numbered(12, { broken })
                .item(index)
                .then(({ pixels }) => pixels)
            },
          })
          const options = {
            batchSize: 5,
            preprocessing,
            shuffle: { seed: 1, epoch: 2 },
            onUnreadable: 'skip',
          } as const
          expect(await collect(slow.batches(options))).toEqual(
            await collect(numbered(12, { broken }).batches(options)),
          )
        },
      ),
      { numRuns: 20 },
    )
  })
})

describe('unreadable images', () => {
  const options = { batchSize: 3, preprocessing, onUnreadable: 'skip' } as const

  test('their places are taken by the next of the order, and they are named once', async () => {
    const dataset = numbered(8, { broken: [1, 6] })
    const expected = [
      [0, 2, 3],
      [4, 5, 7],
    ]
    expect(await indicesOf(dataset.batches(options))).toEqual(expected)
    expect(await indicesOf(dataset.batches(options))).toEqual(expected)
    expect(dataset.unreadable).toEqual([
      { path: 'image 1', reason: 'is truncated' },
      { path: 'image 6', reason: 'is truncated' },
    ])
    expect(await indicesOf(dataset.batches({ ...options, skip: 1 }))).toEqual(expected.slice(1))
  })

  test('fail when asked, or when nothing is said, also once they are known', async () => {
    const dataset = numbered(8, { broken: [5] })
    await indicesOf(dataset.batches(options))
    for (const onUnreadable of ['fail', undefined] as const) {
      await expect(indicesOf(dataset.batches({ ...options, onUnreadable }))).rejects.toMatchObject({
        code: 'E_IMAGE',
        message: 'image 5 is truncated',
      })
    }
  })

  test('an error of another kind is never skipped', async () => {
    const dataset = numbered(3, {
      item() {
        throw new TypeError('a bug')
      },
    })
    await expect(indicesOf(dataset.batches(options))).rejects.toThrow(TypeError)
  })
})

describe('decoding ahead', () => {
  /** A dataset that counts how many images are under way and how many were begun. */
  function counting(prefetch?: number) {
    const counts = { begun: 0, underWay: 0 }
    const dataset = numbered(100, {
      prefetch,
      async item(index) {
        counts.begun++
        counts.underWay++
        await new Promise(setImmediate)
        counts.underWay--
        return { height: 2, width: 2, channels: 1, data: new Uint8Array(4).fill(index) }
      },
    })
    return { dataset, counts }
  }

  test.each([
    [1, 10 + 10],
    [undefined, 10 + 20],
    [4, 10 + 40],
  ])(
    'with prefetch %s, %i images have begun when the first batch of 10 is there',
    async (prefetch, begun) => {
      const { dataset, counts } = counting(prefetch)
      for await (const _ of dataset.batches({ batchSize: 10, preprocessing })) break
      expect(counts.begun).toBe(begun)
    },
  )

  test('nothing runs on after a break', async () => {
    const { dataset, counts } = counting()
    for await (const _ of dataset.batches({ batchSize: 10, preprocessing })) break
    expect(counts.underWay).toBe(0)
  })

  test('an abort ends the loop with its reason, and nothing runs on', async () => {
    const { dataset, counts } = counting()
    const controller = new AbortController()
    const seen: number[] = []
    const loop = async () => {
      for await (const batch of dataset.batches({
        batchSize: 10,
        preprocessing,
        signal: controller.signal,
      })) {
        seen.push(batch.indices[0]!)
        if (seen.length === 2) controller.abort(new Error('stop here'))
      }
    }
    await expect(loop()).rejects.toThrow('stop here')
    expect(seen).toEqual([0, 10])
    expect(counts.underWay).toBe(0)
  })

  test('an abort beforehand decodes nothing', async () => {
    const { dataset, counts } = counting()
    const batches = dataset.batches({ batchSize: 10, preprocessing, signal: AbortSignal.abort() })
    await expect(collect(batches)).rejects.toMatchObject({ name: 'AbortError' })
    expect(counts.begun).toBe(0)
  })

  test('memory does not grow with the number of batches', async () => {
    const side = 256
    const large = { ...preprocessing, inputSize: [side, side] } as const
    const dataset = numbered(4000, { input: () => new Uint8Array(side * side) })
    let peak = 0
    for await (const _ of dataset.batches({ batchSize: 8, preprocessing: large })) {
      peak = Math.max(peak, process.memoryUsage().arrayBuffers)
      // lets the engine collect what is no longer held, as a consumer's work does
      await new Promise(setImmediate)
    }
    expect(peak).toBeLessThan(2000 * side * side)
  })

  test('all batches share one buffer', async () => {
    const buffers = new Set<ArrayBufferLike>()
    for await (const batch of numbered(50).batches({ batchSize: 4, preprocessing }))
      buffers.add(batch.images.buffer)
    expect(buffers.size).toBe(1)
  })
})

describe('wrong use', () => {
  test.each([
    [{ batchSize: 0 }, 'batchSize must be a whole number of at least 1: 0'],
    [{ batchSize: 1.5 }, 'batchSize must be a whole number of at least 1: 1.5'],
    [{ batchSize: 2, skip: -1 }, 'skip must be a whole number of at least 0: -1'],
  ])('%j', async (options, message) => {
    const batches = numbered(4).batches({ preprocessing, ...options })
    await expect(collect(batches)).rejects.toMatchObject({ code: 'E_OPTION', message })
  })

  test('labels without a class', () => {
    const definition = { classes: ['a', 'b'], path: String, item: () => Promise.reject(new Error()) }
    expect(() => defineDataset({ ...definition, labels: [0, 2] })).toThrow(
      '1 has the label 2, and the 2 classes have the labels 0 to 1',
    )
  })

  test('fewer labels than images', () => {
    const images = [{ height: 1, width: 1, channels: 1, data: new Uint8Array(1) }] as const
    expect(() => arrayDataset({ images, labels: [], classes: ['a'] })).toThrow(
      'There are 1 images and 0 labels',
    )
  })

  test('an input of the wrong size', async () => {
    const dataset = numbered(2, { input: () => new Uint8Array(3) })
    await expect(collect(dataset.batches({ batchSize: 1, preprocessing }))).rejects.toMatchObject({
      code: 'E_DATASET',
      message: 'image 0 gave 3 bytes where the network takes 4',
    })
  })
})

test('a subset has its images in the order given, also of a dataset made elsewhere', async () => {
  const dataset = numbered(6)
  const { input: _, check: __, prefetch: ___, ...foreign } = dataset
  for (const whole of [dataset, foreign]) {
    const part = subset(whole, [5, 0, 3])
    const [batch] = await collect(part.batches({ batchSize: 3, preprocessing }))
    expect([...batch!.images]).toEqual([5, 5, 5, 5, 0, 0, 0, 0, 3, 3, 3, 3])
    expect([...batch!.labels]).toEqual([1, 0, 1])
    expect(part.path(0)).toBe('image 5')
    expect(await part.item(1)).toMatchObject({ label: 0, path: 'image 0' })
  }
})
