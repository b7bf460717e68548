import { type Batch, ConvkitError, type Feeds, type SchedulePosition } from '@convkit/core'
import { averageFeedName } from './averaging.js'
import { batchFeeds, lossAndLogits } from './evaluate-session.js'
import { maskFeeds } from './masks.js'
import { optimizerFeeds, scalarFeed } from './optimizers/optimizer-step.js'
import { phaseAt, phaseSignature } from './phases.js'
import type { TrainingRun } from './training-run.js'

/** @throws E_DATASET when the dataset has not mixed the batch. */
function mixFeeds({ mixed, size }: Batch): Feeds {
  if (!mixed) {
    throw new ConvkitError(
      'E_DATASET',
      'The augmentation mixes batches, but the training set gave one that is not mixed: its batches() must call mixBatch of @convkit/core',
    )
  }
  return {
    mixed_labels: { dtype: 'int32', shape: [size], data: mixed.labels },
    shares: { dtype: 'float32', shape: [size], data: mixed.shares },
  }
}

/**
 * Runs one step: its first batch and, where gradients are accumulated, more of `batches`. Adds to the epoch's sums.
 *
 * @returns the mean loss of the step's images.
 */
export async function runStep(
  { plan, session, masks, progress }: TrainingRun,
  first: Batch,
  batches: AsyncIterator<Batch>,
  { learningRate, position }: { readonly learningRate: number; readonly position: SchedulePosition },
): Promise<number> {
  const { optimizer, accumulate, seed, augment, averaging } = plan
  const { phase, index } = phaseAt(plan.phases, progress.epoch)
  const mixes = augment?.mix && !phase.cached
  const { globalStep, running } = progress
  const update = {
    ...optimizerFeeds(optimizer, learningRate, globalStep + 1),
    ...(averaging && { [averageFeedName]: scalarFeed(averaging.rate(position)) }),
  }
  let images = 0
  let lossSum = 0
  let batch: Batch | undefined = first
  for (let part = 0; batch; part++) {
    const feeds = {
      ...batchFeeds(batch),
      ...(mixes && mixFeeds(batch)),
      ...maskFeeds(masks[index] ?? new Map(), seed, globalStep * accumulate + part),
    }
    const outputs =
      accumulate === 1
        ? await session.run(phaseSignature('train', index), { ...feeds, ...update })
        : await session.run(phaseSignature('gradients', index), feeds)
    const { loss, logits } = lossAndLogits(outputs)
    running.update(loss, logits, batch)
    images += batch.count
    lossSum += loss * batch.count
    batch = part + 1 < accumulate ? (await batches.next()).value : undefined
  }
  if (accumulate > 1)
    await session.run(phaseSignature('apply', index), { images: scalarFeed(images), ...update })
  return lossSum / images
}
