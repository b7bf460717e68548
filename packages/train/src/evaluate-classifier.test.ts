import { type Classifier, ConvkitError, type Dataset } from '@convkit/core'
import { describe, expect, it } from 'vitest'
import { evaluate } from './evaluate.js'
import { evaluateClassifier } from './evaluate-classifier.js'
import type { EvaluatedBatch } from './evaluation-tally.js'
import { classes, tinyDataset, tinyModel } from './test-support/tiny.js'

const dataset = tinyDataset(11)

/** Dogs with certainty, whatever it is shown. */
const certain: Classifier = {
  classes,
  infer: async (images) => ({ probabilities: Float32Array.from(images.flatMap(() => [0, 1, 0])) }),
}

describe('evaluateClassifier', () => {
  it('measures a model as evaluate does', async () => {
    const model = await tinyModel()
    const [batches, expectedBatches]: [EvaluatedBatch[], EvaluatedBatch[]] = [[], []]
    const measured = await evaluateClassifier(model, dataset, {
      batchSize: 4,
      onBatch: (batch) => void batches.push(batch),
    })
    const expected = await evaluate(model, dataset, {
      batchSize: 4,
      onBatch: (batch) => void expectedBatches.push(batch),
    })
    expect(measured).toEqual({ ...expected, loss: expect.closeTo(expected.loss, 5) })
    expect(batches.map(({ indices, labels, done, total }) => ({ indices, labels, done, total }))).toEqual(
      expectedBatches.map(({ indices, labels, done, total }) => ({ indices, labels, done, total })),
    )
    batches.forEach(({ probabilities }, i) => {
      probabilities.forEach((value, at) => {
        expect(value).toBeCloseTo(expectedBatches[i]?.probabilities[at] as number, 5)
      })
    })
  })

  it('has a finite loss where the label has no probability', async () => {
    const { loss, metrics, images } = await evaluateClassifier(certain, dataset)
    expect([metrics.top1, images]).toEqual([4 / 11, 11])
    expect(loss).toBeCloseTo((7 / 11) * 149 * Math.LN2, 3)
  })

  it('fails at an image that cannot be read, or leaves it out', async () => {
    const broken: Dataset = {
      ...dataset,
      async item(index) {
        if (index % 5 === 1) throw new ConvkitError('E_IMAGE', `image ${index} is truncated`)
        return dataset.item(index)
      },
    }
    await expect(evaluateClassifier(certain, broken, { batchSize: 1 })).rejects.toThrow(
      'image 1 is truncated',
    )
    const { images } = await evaluateClassifier(certain, broken, { batchSize: 1, onUnreadable: 'skip' })
    expect(images).toBe(9)
  })

  it('ends at the signal', async () => {
    const stop = new AbortController()
    const run = evaluateClassifier(certain, dataset, {
      batchSize: 2,
      signal: stop.signal,
      onBatch: () => stop.abort(new Error('enough')),
    })
    await expect(run).rejects.toThrow('enough')
  })

  it('needs the classifier’s classes', async () => {
    const other = tinyDataset(4, { classes: ['cat', 'dog'] })
    await expect(evaluateClassifier(certain, other)).rejects.toThrow('the classifier has 3')
  })
})
