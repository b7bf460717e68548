import { type Classifier, ConvkitError, type Dataset, type Sample } from '@convkit/core'
import { checkDataset } from './check-dataset.js'
import type { EvaluateOptions } from './evaluate.js'
import { type Evaluation, evaluationTally } from './evaluation-tally.js'
import { requireCount } from './require-option.js'
import { runningMetrics } from './running-metrics.js'
import { topK } from './top-k.js'

export type EvaluateClassifierOptions = Omit<EvaluateOptions, 'loss'>

/**
 * Measures whatever gives probabilities on a dataset: an ensemble, a model that looks at several views of each image. Its
 * loss is the cross-entropy of the probabilities; metrics and callbacks get their logarithms as logits.
 *
 * @throws E_CLASSES, E_DATASET, E_OPTION; E_IMAGE when an image cannot be read; the signal's reason when aborted.
 */
export async function evaluateClassifier(
  classifier: Classifier,
  dataset: Dataset,
  options: EvaluateClassifierOptions = {},
): Promise<Evaluation> {
  const { batchSize = 32, metrics = [topK(1), topK(5)], onUnreadable = 'fail', signal, onBatch } = options
  const { classes } = classifier
  requireCount('batchSize', batchSize)
  checkDataset({ name: 'the classifier', classes }, dataset, 'evaluation')
  if (dataset.targets) {
    throw new ConvkitError(
      'E_DATASET',
      'The images of the evaluation set have any number of labels each, and a classifier gives probabilities of one; use evaluate with a model, or leave targets out',
    )
  }
  const running = runningMetrics(metrics, classes.length)
  const tally = evaluationTally(classes, dataset.length, onBatch)
  for await (const samples of sampleBatches(dataset, batchSize, onUnreadable)) {
    signal?.throwIfAborted()
    const { probabilities } = await classifier.infer(samples.map(({ pixels }) => pixels))
    const logits = probabilities.map((value) => Math.log(Math.max(value, leastProbability)))
    const labels = Int32Array.from(samples, ({ label }) => label)
    const loss = labels.reduce((sum, label, row) => sum - (logits[row * classes.length + label] as number), 0)
    running.update(loss / samples.length, logits, { labels, count: samples.length })
    await tally.add({ indices: Int32Array.from(samples, ({ index }) => index), labels, logits })
  }
  return tally.result(running.images, running.logs())
}

/** The smallest single-precision number stands for 0, whose logarithm would make every loss infinite. */
const leastProbability = 2 ** -149

type IndexedSample = Sample & { readonly index: number }

/** Decoded images in order; the next batch is decoded while one is worked on. */
async function* sampleBatches(
  dataset: Dataset,
  batchSize: number,
  onUnreadable: 'skip' | 'fail',
): AsyncGenerator<IndexedSample[]> {
  const read = async (index: number): Promise<IndexedSample | undefined> => {
    try {
      return { ...(await dataset.item(index)), index }
    } catch (error) {
      if (onUnreadable === 'skip' && error instanceof ConvkitError && error.code === 'E_IMAGE')
        return undefined
      throw error
    }
  }
  const load = (from: number) => {
    const count = Math.min(batchSize, dataset.length - from)
    const batch = Promise.all(Array.from({ length: count }, (_, i) => read(from + i)))
    // Handled where it is awaited; until then it must not end the process.
    batch.catch(() => {})
    return batch
  }
  let ahead = load(0)
  for (let from = 0; from < dataset.length; from += batchSize) {
    const samples = (await ahead).filter((sample) => sample !== undefined)
    if (from + batchSize < dataset.length) ahead = load(from + batchSize)
    if (samples.length > 0) yield samples
  }
}
