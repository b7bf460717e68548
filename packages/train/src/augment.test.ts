import type { Augmentation, Batch, BatchOptions, Dataset } from '@convkit/core'
import { describe, expect, it } from 'vitest'
import { fit } from './fit.js'
import type { FitOptions } from './fit-options.js'
import { sgd } from './optimizers/sgd.js'
import { tinyDataset, tinyModel } from './test-support/tiny.js'

const train = tinyDataset(12)
const options: FitOptions = { epochs: 3, batchSize: 4, optimizer: sgd({ learningRate: 0.1 }), seed: 3 }

/** The next class as the other label, with these shares of the own one; images stay as they are. */
const relabelling = (share: number): Augmentation => ({
  name: 'relabelling',
  transforms: [],
  mix: {
    name: 'next class',
    apply: ({ labels, size }) => ({
      labels: labels.map((label) => (label + 1) % 3),
      shares: new Float32Array(size).fill(share),
    }),
  },
})

async function training(changes: Partial<FitOptions>, dataset = train, config = {}) {
  const model = await tinyModel(config)
  const { history } = await fit(model, dataset, { ...options, ...changes })
  return { weights: new Map(model.weights), history }
}

/** The training set with other labels, the images alike. */
const shifted: Dataset = {
  ...train,
  async *batches(asked: BatchOptions): AsyncIterable<Batch> {
    for await (const batch of train.batches(asked)) {
      yield { ...batch, labels: batch.labels.map((label) => (label + 1) % 3) }
    }
  },
}

describe('fit with an augmentation', () => {
  it.each([{}, { auxiliary: true }])(
    'trains on the other label where it has the whole share: %j',
    async (config) => {
      const mixed = await training({ augment: relabelling(0) }, train, config)
      expect(mixed.weights).toEqual((await training({}, shifted, config)).weights)
    },
  )

  it('trains on its own labels where they have the whole share', async () => {
    expect((await training({ augment: relabelling(1) })).weights).toEqual((await training({})).weights)
  })

  it('has the mean loss of both labels at half a share', async () => {
    const once = { epochs: 1, batchSize: 12 }
    const lossOf = async (share: number) =>
      (await training({ ...once, augment: relabelling(share) })).history[0]?.loss
    expect(await lossOf(0.5)).toBeCloseTo(
      (((await lossOf(0)) as number) + ((await lossOf(1)) as number)) / 2,
      6,
    )
  })

  it('measures top-1 by the own labels', async () => {
    const frozen = { optimizer: sgd({ learningRate: 0 }), epochs: 1 }
    const [mixed, plain] = [await training({ ...frozen, augment: relabelling(0) }), await training(frozen)]
    expect(mixed.history[0]?.top1).toBe(plain.history[0]?.top1)
    expect(mixed.history[0]?.loss).not.toBe(plain.history[0]?.loss)
  })

  it('asks the training set alone, with the seed and each epoch', async () => {
    const asked: BatchOptions[] = []
    const watched = (dataset: Dataset): Dataset => ({
      ...dataset,
      batches(batchOptions) {
        asked.push(batchOptions)
        return dataset.batches(batchOptions)
      },
    })
    const augment: Augmentation = { name: 'plain', transforms: [] }
    await training({ augment, epochs: 2, validation: watched(tinyDataset(4)) }, watched(train))
    expect(asked.map((batchOptions) => batchOptions.augment)).toEqual([
      { augmentation: augment, seed: 3, epoch: 0 },
      undefined,
      { augmentation: augment, seed: 3, epoch: 1 },
      undefined,
    ])
  })

  it('says which datasets cannot mix', async () => {
    const plain: Dataset = { ...train, batches: ({ augment: _, ...others }) => train.batches(others) }
    await expect(training({ augment: relabelling(0.5) }, plain)).rejects.toThrow(
      'its batches() must call mixBatch of @convkit/core',
    )
  })
})
