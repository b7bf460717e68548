import type { Augmentation, Callback, Logs, TrainingSnapshot } from '@convkit/core'
import { describe, expect, it } from 'vitest'
import { fit } from './fit.js'
import type { FitOptions } from './fit-options.js'
import { adamW } from './optimizers/adam.js'
import { sgd } from './optimizers/sgd.js'
import { cosine } from './schedules.js'
import { tinyDataset, tinyModel } from './test-support/tiny.js'
import { topK } from './top-k.js'

const train = tinyDataset(13)
const config = { batchNorm: true, dropout: 0.3, auxiliary: true }
const options: FitOptions = {
  epochs: 2,
  evaluateEvery: 2,
  batchSize: 3,
  validation: tinyDataset(5, { seed: 2 }),
  optimizer: adamW({ learningRate: 0.02 }),
  schedule: cosine({ warmup: { steps: 3 } }),
  clip: { norm: 1 },
  seed: 3,
}

const augment: Augmentation = {
  name: 'test',
  transforms: [
    {
      name: 'brighter',
      apply: ({ data, ...extent }, stream) => ({
        ...extent,
        data: data.map((byte) => byte + 40 * stream.uniform(0)),
      }),
    },
  ],
  mix: {
    name: 'halves',
    apply: ({ images, labels, size }, stream) => {
      images.reverse()
      return { labels: labels.toReversed(), shares: new Float32Array(size).fill(stream.uniform(0)) }
    },
  },
}

const averaged: Partial<Callback> = { averaging: { rate: ({ step }) => 1 / (step + 1) ** 0.5 } }

/** As it comes back from a disk. */
function stored({ model, optimizer, progress }: TrainingSnapshot): TrainingSnapshot {
  return {
    model: new Map(model),
    optimizer: new Map(optimizer),
    progress: JSON.parse(JSON.stringify(progress)),
  }
}

/** Takes a snapshot after every step and epoch; counts steps, so that its own state is seen to resume. */
function recorder(evaluateAt?: number, own?: Partial<Callback>) {
  const snapshots: TrainingSnapshot[] = []
  let steps = 0
  const callback: Callback = {
    ...own,
    name: 'recorder',
    onTrainBegin() {
      steps = 0
    },
    onBatchEnd(_batch, _logs, { control }) {
      steps++
      control.save = true
      control.evaluate = steps === evaluateAt
    },
    onEpochEnd(_epoch, _logs, { control }) {
      control.save = true
    },
    onSave: async (context) => void snapshots.push(stored(await context.snapshot())),
    save: () => steps,
    restore(state) {
      steps = Number(state)
    },
  }
  return { callback, snapshots, steps: () => steps }
}

const withoutTime = (history: readonly Logs[]) => history.map(({ imagesPerSecond, seconds, ...logs }) => logs)

async function training(
  { own, ...changes }: Partial<FitOptions> & { own?: Partial<Callback> } = {},
  evaluateAt?: number,
) {
  const model = await tinyModel(config)
  const { callback, snapshots, steps } = recorder(evaluateAt, own)
  const result = await fit(model, train, { ...options, ...changes, callbacks: [callback] })
  return {
    weights: new Map(model.weights),
    history: withoutTime(result.history),
    snapshots,
    seen: steps(),
    steps: result.steps,
  }
}

describe('resume', () => {
  it.each<[string, Parameters<typeof training>[0]]>([
    ['AdamW', {}],
    [
      'accumulated SGD',
      { optimizer: sgd({ learningRate: 0.05, momentum: 0.9 }), batchSize: 2, accumulate: 2 },
    ],
    ['changed and mixed images', { augment }],
    ['accumulated batches of such', { augment, batchSize: 2, accumulate: 2 }],
    ['averaged weights', { augment, own: averaged }],
    ['averaged weights of accumulated batches', { batchSize: 2, accumulate: 2, own: averaged }],
    [
      'a rate that follows from the history',
      { own: { learningRateFactor: (_, { length }) => 0.5 ** length } },
    ],
  ])(
    'goes on bit for bit after every step and epoch: %s',
    async (_name, changes) => {
      const whole = await training(changes, 2)
      expect(whole.snapshots).toHaveLength(whole.steps + 2)
      for (const snapshot of whole.snapshots) {
        const rest = await training({ ...changes, resume: snapshot }, 2)
        expect(rest.weights).toEqual(whole.weights)
        expect(rest.history).toEqual(whole.history)
        expect(rest.seen).toBe(whole.seen)
        const last = rest.snapshots.at(-1) ?? snapshot
        expect(last.optimizer).toEqual(whole.snapshots.at(-1)?.optimizer)
        expect(last.progress.globalStep).toBe(whole.steps)
      }
      // Evaluated once, in the middle of the first epoch, as the callback asked.
      expect(whole.history[0]).toHaveProperty('val_loss')
    },
    30_000,
  )

  it('trains for more epochs than the snapshot’s training had', async () => {
    const constant = { schedule: () => 1 }
    const short = await training({ ...constant, epochs: 1 })
    const longer = await training({ ...constant, resume: short.snapshots.at(-1) as TrainingSnapshot })
    const whole = await training(constant)
    expect(longer.weights).toEqual(whole.weights)
  })

  it('says what does not fit', async () => {
    const { snapshots } = await training({ epochs: 1 })
    const [snapshot] = snapshots as [TrainingSnapshot]
    const resumed = (changes: Partial<FitOptions>) => training({ resume: snapshot, ...changes })
    await expect(resumed({ optimizer: sgd() })).rejects.toThrow('optimizer.mean.hidden.weight is not used')
    await expect(resumed({ optimizer: sgd({ momentum: 0.9 }) })).rejects.toThrow(
      'optimizer.momentum.hidden.weight is missing',
    )
    await expect(resumed({ metrics: [topK(2)] })).rejects.toThrow('no sums of top2')
    const far = { ...snapshot, progress: { ...snapshot.progress, step: 9 } }
    await expect(resumed({ resume: far })).rejects.toThrow('step 9 of epoch 1')
  })
})
