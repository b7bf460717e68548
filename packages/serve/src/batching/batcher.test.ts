import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createBatcher } from './batcher.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const sizes = [1, 4, 16]

/** A batcher whose runs take so many milliseconds; it remembers each, and when it began. */
function doubling(
  milliseconds: number,
  maxDelay: number,
  fails: (items: readonly number[]) => boolean = () => false,
) {
  const started = performance.now()
  const runs: { at: number; items: readonly number[] }[] = []
  let running = 0
  const batcher = createBatcher<number, number>({
    sizes,
    maxDelay,
    async run(items) {
      expect(++running).toBe(1)
      runs.push({ at: performance.now() - started, items })
      await new Promise((resolve) => setTimeout(resolve, milliseconds))
      running--
      if (fails(items)) throw new Error('it failed')
      return items.map((item) => 2 * item)
    },
  })
  return { batcher, runs }
}

test('an item waits for others until its time is up', async () => {
  const { batcher, runs } = doubling(10, 5)
  const first = batcher.submit(1)
  await vi.advanceTimersByTimeAsync(3)
  const rest = [2, 3, 4].map((item) => batcher.submit(item))
  expect(runs).toEqual([])
  expect(batcher.waiting).toBe(4)
  await vi.advanceTimersByTimeAsync(2)
  expect(runs).toEqual([{ at: 5, items: [1, 2, 3, 4] }])
  await vi.advanceTimersByTimeAsync(10)
  expect(await Promise.all([first, ...rest])).toEqual([2, 4, 6, 8])
})

test('a full batch runs at once, and what has waited long enough right after it', async () => {
  const { batcher, runs } = doubling(10, 5)
  const answers = Array.from({ length: 22 }, (_, item) => batcher.submit(item))
  await vi.advanceTimersByTimeAsync(100)
  expect(runs.map(({ at, items }) => [at, items.length])).toEqual([
    [0, 16],
    [10, 4],
    [20, 1],
    [30, 1],
  ])
  expect(await Promise.all(answers)).toEqual(Array.from({ length: 22 }, (_, item) => 2 * item))
})

test('an item that is aborted while it waits is not run, and while it runs is not waited for', async () => {
  const { batcher, runs } = doubling(10, 5)
  const [waiting, running] = [new AbortController(), new AbortController()]
  const gone = batcher.submit(1, waiting.signal)
  const left = batcher.submit(2, running.signal)
  const stays = batcher.submit(3)
  waiting.abort(new Error('gone'))
  await expect(gone).rejects.toThrow('gone')
  await vi.advanceTimersByTimeAsync(6)
  running.abort(new Error('left'))
  await expect(left).rejects.toThrow('left')
  await vi.advanceTimersByTimeAsync(20)
  expect(await stays).toBe(6)
  expect(runs.flatMap(({ items }) => items)).toEqual([2, 3])
  await expect(batcher.submit(4, waiting.signal)).rejects.toThrow('gone')
})

test('a run that fails fails its own items only', async () => {
  const { batcher } = doubling(10, 0, (items) => items.includes(1))
  const first = batcher.submit(1)
  const failure = expect(first).rejects.toThrow('it failed')
  await vi.advanceTimersByTimeAsync(5)
  const second = batcher.submit(2)
  await vi.advanceTimersByTimeAsync(30)
  await failure
  expect(await second).toBe(4)
})

const arrivals = fc.array(
  fc.record({
    after: fc.integer({ min: 0, max: 12 }),
    abortsAfter: fc.option(fc.integer({ min: 0, max: 30 })),
  }),
  { minLength: 1, maxLength: 60 },
)

test('whatever comes and goes: sizes are those allowed, order is kept, nobody waits in vain', async () => {
  await fc.assert(
    fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 20 }), async (items, milliseconds) => {
      const maxDelay = 5
      const { batcher, runs } = doubling(milliseconds, maxDelay)
      const answers: Promise<number | string>[] = []
      for (const [item, { after, abortsAfter }] of items.entries()) {
        await vi.advanceTimersByTimeAsync(after)
        const stop = new AbortController()
        if (abortsAfter !== null) setTimeout(() => stop.abort(new Error('aborted')), abortsAfter)
        answers.push(batcher.submit(item, stop.signal).catch((error: Error) => error.message))
      }
      await vi.advanceTimersByTimeAsync(items.length * (milliseconds + maxDelay))
      expect(batcher.waiting).toBe(0)
      const run = runs.flatMap((each) => each.items)
      expect(run).toEqual([...run].sort((a, b) => a - b))
      expect(new Set(run).size).toBe(run.length)
      for (const { items: batch } of runs) expect(sizes).toContain(batch.length)
      for (const [item, answer] of (await Promise.all(answers)).entries()) {
        if (answer === 'aborted') expect(items[item]?.abortsAfter).not.toBeNull()
        else expect(answer).toBe(2 * item)
        if (answer !== 'aborted') expect(run).toContain(item)
      }
    }),
    { numRuns: 50 },
  )
})
