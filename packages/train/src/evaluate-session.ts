import type { Batch, Dataset, EvaluatedImages, Feeds, Metric, Preprocessing, Session } from '@convkit/core'
import { runningMetrics } from './running-metrics.js'

export interface EvaluateSessionOptions {
  /** Has the signature, `evaluate` by default, for `batchSize` images. */
  readonly session: Session
  readonly signature?: string
  readonly dataset: Dataset
  readonly batchSize: number
  readonly preprocessing: Preprocessing
  readonly classes: number
  readonly metrics: readonly Metric[]
  readonly onUnreadable: 'skip' | 'fail'
  readonly signal?: AbortSignal | undefined
  /** Called after each batch. */
  readonly onBatch?: (images: EvaluatedImages) => void | Promise<void>
}

/**
 * Runs a loaded program over a dataset in order: `loss` and the metrics over all images. What fills up the last batch
 * does not count.
 *
 * @throws the signal's reason; E_IMAGE when an image cannot be read and `onUnreadable` is `fail`.
 */
export async function evaluateSession(options: EvaluateSessionOptions) {
  const {
    session,
    signature = 'evaluate',
    dataset,
    batchSize,
    preprocessing,
    classes,
    metrics,
    onUnreadable,
    signal,
  } = options
  const running = runningMetrics(metrics, classes)
  for await (const batch of dataset.batches({ batchSize, preprocessing, onUnreadable })) {
    signal?.throwIfAborted()
    const outputs = await session.run(signature, batchFeeds(batch))
    const { loss, logits } = lossAndLogits(outputs)
    running.update(loss, logits, batch)
    await options.onBatch?.(evaluatedImages(batch, logits, classes))
  }
  return { images: running.images, logs: running.logs() }
}

/** Copies of a batch's rows that hold images. */
function evaluatedImages(
  { indices, labels, targets, count }: Batch,
  logits: Float32Array,
  classes: number,
): EvaluatedImages {
  return {
    indices: indices.slice(0, count),
    labels: labels.slice(0, count),
    targets: targets?.slice(0, count * classes),
    logits: logits.slice(0, count * classes),
  }
}

export function batchFeeds({
  images,
  features,
  labels,
  targets,
  size,
  height,
  width,
  channels,
}: Batch): Feeds {
  return {
    image: features ?? { dtype: 'uint8', shape: [size, height, width, channels], data: images },
    labels: { dtype: 'int32', shape: [size], data: labels },
    ...(targets && {
      targets: { dtype: 'float32' as const, shape: [size, targets.length / size], data: targets },
    }),
  }
}

/** The outputs that every signature with a forward pass has. */
export function lossAndLogits({ loss, logits }: Feeds): { loss: number; logits: Float32Array } {
  return { loss: loss?.data[0] as number, logits: logits?.data as Float32Array }
}
