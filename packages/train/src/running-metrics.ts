import { type Batch, ConvkitError, type Logs, type Metric } from '@convkit/core'

/** The loss and metrics of the images seen so far. */
export interface RunningMetrics {
  /** Adds a batch: `loss` is its mean, rows `0 … count − 1` of `logits` `[n, classes]` hold images. */
  update(loss: number, logits: Float32Array, batch: Pick<Batch, 'labels' | 'count' | 'targets'>): void
  /** `loss` and each metric; NaN before the first update. */
  logs(): Record<string, number>
  readonly images: number
  /** Plain JSON that {@link load} takes back. */
  save(): Readonly<Record<string, unknown>>
  load(state: Readonly<Record<string, unknown>>): void
}

export function runningMetrics(metrics: readonly Metric[], classes: number): RunningMetrics {
  const accumulators = metrics.map((metric) => [metric.name, metric.create()] as const)
  let images = 0
  let lossSum = 0
  return {
    update(loss, logits, { labels, count, targets }) {
      images += count
      lossSum += loss * count
      for (const [, accumulator] of accumulators) accumulator.update(logits, labels, count, classes, targets)
    },
    logs() {
      const results = accumulators.map(([name, accumulator]) => [name, accumulator.result()] as const)
      return { loss: lossSum / images, ...Object.fromEntries(results) }
    },
    get images() {
      return images
    },
    save: () => ({
      images,
      loss: lossSum,
      ...Object.fromEntries(accumulators.map(([name, accumulator]) => [name, accumulator.save()])),
    }),
    load(state) {
      const missing = ['images', 'loss', ...accumulators.map(([name]) => name)].filter(
        (key) => !(key in state),
      )
      if (missing.length > 0) {
        throw new ConvkitError(
          'E_RESUME',
          `The snapshot has no sums of ${missing.join(', ')}; resume with the metrics that it was made with`,
        )
      }
      images = Number(state.images)
      // JSON has no NaN: it comes back as null.
      lossSum = Number(state.loss ?? Number.NaN)
      for (const [name, accumulator] of accumulators) accumulator.load(state[name])
    },
  }
}

/** `loss` → `val_loss` */
export function validationLogs(logs: Logs): Logs {
  return Object.fromEntries(Object.entries(logs).map(([key, value]) => [`val_${key}`, value]))
}
