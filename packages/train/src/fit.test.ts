import type { Callback, Logs, TensorMap } from '@convkit/core'
import { describe, expect, it } from 'vitest'
import { evaluate } from './evaluate.js'
import { fit } from './fit.js'
import { adamW } from './optimizers/adam.js'
import { sgd } from './optimizers/sgd.js'
import { cosine } from './schedules.js'
import { tinyDataset, tinyModel } from './test-support/tiny.js'
import { largestDifference } from './test-support/torch.js'
import { watchedEngine } from './test-support/watched-engine.js'

const train = tinyDataset(12)
const validation = tinyDataset(7, { seed: 2 })

/** Copies of all weights, for comparing before and after. */
const copyOf = (weights: ReadonlyMap<string, { data: Float32Array }>) =>
  new Map([...weights].map(([name, { data }]) => [name, data.slice()]))

const dataOf = (weights: TensorMap, name: string) => weights.get(name)?.data ?? new Float32Array()

describe('fit', () => {
  it('trains: losses fall, logs are complete and the model holds the trained weights', async () => {
    const { engine, openSessions } = watchedEngine()
    const model = await tinyModel({ batchNorm: true }, engine)
    const before = await evaluate(model, validation)
    const { history, ...result } = await fit(model, train, {
      epochs: 12,
      batchSize: 6,
      validation,
      optimizer: adamW({ learningRate: 0.1 }),
      schedule: cosine(),
    })
    const [first, last] = [history[0] as Logs, history[11] as Logs]
    expect(result).toMatchObject({ epochs: 12, steps: 24, warnings: [] })
    expect(result).not.toHaveProperty('stopped')
    expect(Object.keys(first)).toEqual([
      'loss',
      'top1',
      'top5',
      'val_loss',
      'val_top1',
      'val_top5',
      'lr',
      'imagesPerSecond',
      'seconds',
    ])
    expect(last.loss).toBeLessThan((first.loss as number) / 2)
    expect(last.top1).toBeGreaterThan(0.9)
    expect(first.top5).toBe(1)
    expect(first.lr).toBeCloseTo(0.05 * (1 + Math.cos(Math.PI / 24)), 12)

    const after = await evaluate(model, validation, { batchSize: 6 })
    expect(after.loss).toBe(last.val_loss)
    expect(after.metrics.top1).toBe(last.val_top1)
    expect(after.loss).toBeLessThan(before.loss)
    expect(openSessions()).toBe(0)
    await model.dispose()
  })

  it('reports the loss and metrics of the images that it trained on', async () => {
    const model = await tinyModel()
    const start = await evaluate(model, train)
    const { history } = await fit(model, train, {
      epochs: 1,
      batchSize: 4,
      optimizer: sgd({ learningRate: 0 }),
    })
    expect(history[0]?.loss).toBeCloseTo(start.loss, 5)
    expect(history[0]?.top1).toBe(start.metrics.top1)
  })

  it('calls hooks in Keras’s order', async () => {
    const calls: string[] = []
    const log = (name: string, value?: unknown) =>
      void calls.push(value === undefined ? name : `${name} ${value}`)
    const recorder: Callback = {
      name: 'recorder',
      onTrainBegin: () => log('trainBegin'),
      onTrainEnd: (logs) => log('trainEnd', 'val_loss' in logs),
      onEpochBegin: (epoch) => log('epochBegin', epoch),
      onEpochEnd: (epoch, logs) => log('epochEnd', `${epoch} ${'val_loss' in logs}`),
      onBatchBegin: (batch) => log('batchBegin', batch),
      onBatchEnd: (batch, logs) => log('batchEnd', `${batch} ${Object.keys(logs)}`),
      onEvaluateBegin: () => log('evaluateBegin'),
      onEvaluateEnd: (logs) => log('evaluateEnd', Object.keys(logs)),
    }
    await fit(await tinyModel(), train, {
      epochs: 3,
      batchSize: 6,
      validation,
      evaluateEvery: 2,
      callbacks: [recorder],
    })
    const batch = (index: number) => [`batchBegin ${index}`, `batchEnd ${index} loss,top1,top5,batchLoss,lr`]
    const evaluation = ['evaluateBegin', 'evaluateEnd val_loss,val_top1,val_top5']
    expect(calls).toEqual([
      'trainBegin',
      'epochBegin 0',
      ...batch(0),
      ...batch(1),
      'epochEnd 0 false',
      'epochBegin 1',
      ...batch(0),
      ...batch(1),
      ...evaluation,
      'epochEnd 1 true',
      'epochBegin 2',
      ...batch(0),
      ...batch(1),
      ...evaluation,
      'epochEnd 2 true',
      'trainEnd true',
    ])
  })

  it('stops after the step in which a callback asks for it', async () => {
    const ends: number[] = []
    const stopper: Callback = {
      name: 'stopper',
      onBatchEnd(batch, _logs, { control }) {
        if (batch === 1) control.stop = 'two steps are enough'
      },
      onEpochEnd: (epoch) => void ends.push(epoch),
    }
    const result = await fit(await tinyModel(), train, { epochs: 2, batchSize: 4, callbacks: [stopper] })
    expect(result).toMatchObject({ stopped: 'two steps are enough', steps: 2, epochs: 0, history: [] })
    expect(ends).toEqual([])
  })

  it('stops before the first step, and after an epoch', async () => {
    const at = (hook: 'onTrainBegin' | 'onEpochBegin' | 'onEpochEnd'): Callback => ({
      name: 'stopper',
      [hook]: (...values: { control?: { stop: boolean } }[]) => {
        const control = values.at(-1)?.control
        if (control) control.stop = true
      },
    })
    const run = async (hook: Parameters<typeof at>[0]) =>
      fit(await tinyModel(), train, { epochs: 2, batchSize: 4, callbacks: [at(hook)] })
    expect(await run('onTrainBegin')).toMatchObject({ steps: 0, stopped: 'a callback stopped it' })
    expect(await run('onEpochBegin')).toMatchObject({ steps: 0, epochs: 0 })
    expect(await run('onEpochEnd')).toMatchObject({ steps: 3, epochs: 1 })
  })

  it('saves after all callbacks had the hook, and evaluates first', async () => {
    const calls: string[] = []
    const asking: Callback = {
      name: 'asking',
      onBatchEnd(batch, _logs, { control }) {
        if (batch === 1) Object.assign(control, { save: true, evaluate: true })
      },
      onEvaluateEnd: () => void calls.push('evaluated'),
      onSave: () => void calls.push('asking saves'),
    }
    const saving: Callback = {
      name: 'saving',
      onBatchEnd: (batch) => void calls.push(`saw ${batch}`),
      async onSave(context) {
        const { progress } = await context.snapshot()
        calls.push(`saved ${progress.step} ${context.control.save}`)
      },
    }
    const { history } = await fit(await tinyModel(), train, {
      epochs: 1,
      batchSize: 4,
      validation,
      evaluateEvery: 9,
      callbacks: [asking, saving],
    })
    expect(calls).toEqual([
      'saw 0',
      'saw 1',
      'evaluated',
      'asking saves',
      'saved 2 false',
      'saw 2',
      'evaluated',
    ])
    expect(history[0]).toHaveProperty('val_loss')
  })

  it('does not evaluate twice after the same step', async () => {
    let evaluations = 0
    const asking: Callback = {
      name: 'asking',
      onBatchEnd(_batch, _logs, { control }) {
        control.evaluate = true
      },
      onEvaluateEnd: () => void evaluations++,
    }
    await fit(await tinyModel(), train, { epochs: 1, batchSize: 4, validation, callbacks: [asking] })
    expect(evaluations).toBe(3)
  })

  it('lets callbacks read and replace weights', async () => {
    const model = await tinyModel()
    const before = copyOf(model.weights)
    let kept: TensorMap = new Map()
    const restoring: Callback = {
      name: 'restoring',
      async onTrainBegin(context) {
        kept = await context.weights()
      },
      async onTrainEnd(_logs, context) {
        expect(dataOf(await context.weights(), 'head.weight')).not.toEqual(before.get('head.weight'))
        await context.setWeights(kept)
      },
    }
    await fit(model, train, { epochs: 1, batchSize: 4, callbacks: [restoring] })
    expect(copyOf(model.weights)).toEqual(before)
  })

  it('leaves frozen layers and their statistics alone, without slots for them', async () => {
    const { engine, state } = watchedEngine()
    const model = await tinyModel({ batchNorm: true }, engine)
    const before = copyOf(model.weights)
    await fit(model, train, {
      epochs: 1,
      batchSize: 4,
      optimizer: adamW(),
      isFrozen: (path) => path !== 'head',
    })
    const changed = [...model.weights].filter(
      ([name, { data }]) => largestDifference(data, before.get(name) ?? []) > 0,
    )
    expect(changed.map(([name]) => name)).toEqual(['head.weight', 'head.bias'])
    expect(state.filter((name) => name.startsWith('optimizer.'))).toEqual([
      'optimizer.mean.head.weight',
      'optimizer.square.head.weight',
      'optimizer.mean.head.bias',
      'optimizer.square.head.bias',
    ])
    const frozen = fit(model, train, { epochs: 1, isFrozen: () => true })
    await expect(frozen).rejects.toMatchObject({ code: 'E_FROZEN' })
  })

  it('updates batch-norm statistics in training only', async () => {
    const model = await tinyModel({ batchNorm: true })
    await fit(model, train, { epochs: 1, batchSize: 4, optimizer: sgd({ learningRate: 0 }), validation })
    expect(model.weights.get('norm.running_var')?.data).not.toEqual(new Float32Array(5).fill(1))
    expect(model.weights.get('norm.weight')?.data).toEqual(new Float32Array(5).fill(1))
  })

  it('trains auxiliary heads, whose loss counts, without keeping them', async () => {
    const options = { epochs: 1, batchSize: 12, optimizer: sgd({ learningRate: 0 }) }
    const plain = await fit(await tinyModel(), train, options)
    const model = await tinyModel({ auxiliary: true })
    const joint = await fit(model, train, options)
    expect(joint.history[0]?.loss).toBeGreaterThan((plain.history[0]?.loss as number) + 0.1)
    expect([...model.weights.keys()].filter((name) => name.startsWith('auxiliary'))).toEqual([])
  })

  it('repeats exactly, and differs by seed', async () => {
    const run = async (seed: number) => {
      const model = await tinyModel({ dropout: 0.5 })
      await fit(model, train, { epochs: 2, batchSize: 4, seed })
      return copyOf(model.weights)
    }
    const [first, second, other] = [await run(1), await run(1), await run(2)]
    expect(first).toEqual(second)
    expect(first).not.toEqual(other)
  })

  it('hands the weights over and disposes of the session when a callback fails', async () => {
    const { engine, openSessions } = watchedEngine()
    const model = await tinyModel({}, engine)
    const before = copyOf(model.weights)
    const failing: Callback = {
      name: 'failing',
      onBatchEnd() {
        throw new Error('disk full')
      },
    }
    await expect(fit(model, train, { epochs: 1, batchSize: 4, callbacks: [failing] })).rejects.toThrow(
      'disk full',
    )
    expect(openSessions()).toBe(0)
    expect(copyOf(model.weights)).not.toEqual(before)
  })

  it('ends after the step in which the signal comes, and saves', async () => {
    const { engine, openSessions } = watchedEngine()
    const controller = new AbortController()
    const saves: number[] = []
    const aborting: Callback = {
      name: 'aborting',
      onBatchEnd(batch) {
        if (batch === 1) controller.abort()
      },
      onSave: async (context) => void saves.push((await context.snapshot()).progress.globalStep),
    }
    const model = await tinyModel({}, engine)
    const options = { epochs: 2, batchSize: 4, callbacks: [aborting], signal: controller.signal }
    expect(await fit(model, train, options)).toMatchObject({ stopped: 'aborted', steps: 2 })
    expect(saves).toEqual([2])
    expect(openSessions()).toBe(0)
  })

  it('leaves an epoch open when the signal comes during its evaluation', async () => {
    const controller = new AbortController()
    const aborting: Callback = { name: 'aborting', onEvaluateBegin: () => controller.abort() }
    const options = { epochs: 2, batchSize: 4, validation, callbacks: [aborting], signal: controller.signal }
    expect(await fit(await tinyModel(), train, options)).toMatchObject({
      stopped: 'aborted',
      steps: 3,
      epochs: 0,
    })
  })

  it('says so when there are fewer images than a batch', async () => {
    const result = await fit(await tinyModel(), train, { epochs: 1, batchSize: 50, accumulate: 2 })
    expect(result.steps).toBe(1)
    expect(result.warnings).toEqual([
      'batchSize is 12 instead of 50: the training set has only 12 images',
      'accumulate is 1 instead of 2: the training set has only 12 images',
    ])
  })

  it('leaves out a last batch that is not full', async () => {
    expect((await fit(await tinyModel(), train, { epochs: 1, batchSize: 5 })).steps).toBe(2)
  })

  it('ends an epoch early where images cannot be read', async () => {
    const broken = tinyDataset(12, { unreadable: [3] })
    const result = await fit(await tinyModel(), broken, { epochs: 2, batchSize: 4 })
    expect(result).toMatchObject({ epochs: 2, steps: 4 })
    const all = tinyDataset(2, { unreadable: [0, 1] })
    const failing = fit(await tinyModel(), all, { epochs: 1, batchSize: 2 })
    await expect(failing).rejects.toThrow('2 are unreadable, such as image 0, which is truncated')
  })

  it('names what is wrong with an option or a dataset', async () => {
    const model = await tinyModel()
    const run = (options: object, data = train) => fit(model, data, { epochs: 1, ...options })
    await expect(run({ epochs: 0 })).rejects.toThrow('epochs must be a whole number of at least 1, got 0')
    await expect(run({ clip: { norm: 0 } })).rejects.toThrow('clip.norm must be positive, got 0')
    await expect(run({ callbacks: [{ name: 'a' }, { name: 'a' }] })).rejects.toThrow(
      'callbacks must be of different names',
    )
    await expect(run({}, tinyDataset(0))).rejects.toMatchObject({ code: 'E_DATASET' })
    await expect(run({}, tinyDataset(6, { classes: ['cat', 'dog'] }))).rejects.toThrow(
      'The training set has 2 classes (cat, dog), but tiny has 3 (cat, dog, fox)',
    )
    await expect(run({ validation: tinyDataset(6, { classes: ['dog', 'cat', 'fox'] }) })).rejects.toThrow(
      'The validation set and tiny have the same classes in another order: class 0 is dog and cat',
    )
  })
})
