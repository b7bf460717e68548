export interface BatcherOptions<Item, Result> {
  /** Numbers of items that a run takes, ascending from 1. */
  readonly sizes: readonly number[]
  /** Milliseconds that an item waits at most for others, while nothing runs. */
  readonly maxDelay: number
  /** Results of items, in order. One run at a time. */
  readonly run: (items: readonly Item[]) => Promise<readonly Result[]>
}

export interface Batcher<Item, Result> {
  /** Items that wait for a run. */
  readonly waiting: number
  /** The result of one item. Aborting takes it out of the queue; rejects with the signal's reason. */
  submit(item: Item, signal?: AbortSignal): Promise<Result>
}

interface Entry<Item, Result> {
  readonly item: Item
  readonly since: number
  resolve(result: Result): void
  reject(reason: unknown): void
}

/**
 * Collects items into batches, first come first served: a run begins as soon as it is full or its oldest item has waited
 * `maxDelay`. It takes the largest of `sizes` that can be filled, so that nothing is computed only to fill up; the rest
 * comes right after it.
 */
export function createBatcher<Item, Result>(options: BatcherOptions<Item, Result>): Batcher<Item, Result> {
  const { sizes, maxDelay, run } = options
  const largest = Math.max(...sizes)
  const queue = new Set<Entry<Item, Result>>()
  let isRunning = false
  let timer: NodeJS.Timeout | undefined

  const runBatch = async (batch: readonly Entry<Item, Result>[]) => {
    isRunning = true
    try {
      const results = await run(batch.map(({ item }) => item))
      for (const [i, { resolve }] of batch.entries()) resolve(results[i] as Result)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
    isRunning = false
    next()
  }

  const next = () => {
    const [oldest] = queue
    if (isRunning || !oldest) return
    const left = oldest.since + maxDelay - performance.now()
    clearTimeout(timer)
    if (queue.size < largest && left > 0) {
      timer = setTimeout(next, left)
      return
    }
    const size = Math.max(...sizes.filter((each) => each <= queue.size))
    const batch = [...queue].slice(0, size)
    for (const entry of batch) queue.delete(entry)
    void runBatch(batch)
  }

  return {
    get waiting() {
      return queue.size
    },
    submit(item, signal) {
      return new Promise<Result>((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const abort = () => {
          queue.delete(entry)
          reject(signal?.reason)
        }
        const settled = () => signal?.removeEventListener('abort', abort)
        const entry: Entry<Item, Result> = {
          item,
          since: performance.now(),
          resolve(result) {
            settled()
            resolve(result)
          },
          reject(reason) {
            settled()
            reject(reason)
          },
        }
        signal?.addEventListener('abort', abort, { once: true })
        queue.add(entry)
        next()
      })
    },
  }
}
