import { readdirSync, readFileSync } from 'node:fs'
import { type Feeds, floatTensor, type TensorMap, type Trace } from '@convkit/core'
import { onnxEngine } from '@convkit/engine-onnx'
import { sizeOf } from '@convkit/graph'
import { crossEntropy, sgd, trainingProgram } from '@convkit/train'
import { expect, test } from 'vitest'
import { hashedBytes, hashedValues, hashedWeights, type Ranges } from './testing/hashed-values.js'
import { traceModel } from './testing/trace-model.js'

/** What tools/fixtures/zoo/training.py writes: three steps as a peer takes them. */
interface TrainingFixture {
  readonly ranges: Ranges
  /** Shape of the images: `[n, h, w, c]`; image i has label i. */
  readonly image: readonly [number, number, number, 1 | 3]
  /** What pixels are hashed from. */
  readonly pixels: string
  readonly auxiliaryWeight: number
  readonly sgd: Readonly<Record<'learningRate' | 'momentum' | 'weightDecay', number>>
  readonly losses: readonly number[]
  /** Norms of the first gradients. */
  readonly gradients: Readonly<Record<string, number>>
  /** How tensors have changed in the end: the change's norm, and its product with hashed numbers. */
  readonly changes: Readonly<Record<string, readonly [norm: number, projection: number]>>
}

const engine = await onnxEngine()
const folder = new URL('./fixtures/training/', import.meta.url)
const models = readdirSync(folder).map((file) => file.replace(/\.json$/, ''))

// From fixtures: needs no Python.
test.each(models)('%s trains as its peer does', async (name) => {
  const fixture: TrainingFixture = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'))
  const { losses, before, gradients, after } = await trained(name, fixture)

  expect(losses.length).toBe(fixture.losses.length)
  for (const [step, loss] of fixture.losses.entries())
    expect(Math.abs((losses[step] ?? Number.NaN) / loss - 1), `loss of step ${step}`).toBeLessThan(1e-3)

  expect([...gradients.keys()].toSorted()).toEqual(Object.keys(fixture.gradients).toSorted())
  for (const [key, norm, scale] of scaled(fixture.gradients)) {
    const ours = normOf(gradients.get(key)?.data ?? [])
    expect(Math.abs(ours - norm) / scale, `gradient of ${key}`).toBeLessThan(1e-3)
  }

  expect([...after.keys()].toSorted()).toEqual(Object.keys(fixture.changes).toSorted())
  const norms = Object.entries(fixture.changes).map(([key, [norm]]) => [key, norm] as const)
  const [parameters, statistics] = [true, false].map((isLearned) =>
    scaled(Object.fromEntries(norms.filter(([key]) => key in fixture.gradients === isLearned))),
  )
  for (const [key, , scale] of [...parameters!, ...statistics!]) {
    const [old, now] = [before.get(key)!.data, after.get(key)!.data]
    const change = now.map((value, i) => value - old[i]!)
    // Each step rounds a weight by up to half the distance of two numbers.
    const rounding = losses.length * 2 ** -24 * normOf(old)
    for (const [i, ours] of [normOf(change), projection(key, change)].entries()) {
      const difference = Math.abs(ours - fixture.changes[key]![i]!) - rounding
      expect(difference / scale, `${i === 0 ? 'norm' : 'direction'} of the change of ${key}`).toBeLessThan(
        1e-3,
      )
    }
  }
})

interface Trained {
  readonly losses: readonly number[]
  /** First gradients. */
  readonly gradients: TensorMap
  /** Parameters and statistics. */
  readonly before: TensorMap
  readonly after: TensorMap
}

/** Runs the training program that `fit` runs. */
async function trained(name: string, fixture: TrainingFixture): Promise<Trained> {
  const { train, evaluation } = traces(name, fixture)
  const before = hashedWeights(train, fixture.ranges)
  const { program } = trainingProgram({
    ...{ weights: before, train, evaluation },
    loss: crossEntropy(),
    optimizer: sgd({ ...fixture.sgd, decayAll: true }),
    accumulate: 1,
    seed: 0,
  })
  const session = await engine.load(program)
  try {
    const [batchSize] = fixture.image
    const feeds: Feeds = {
      image: {
        dtype: 'uint8',
        shape: fixture.image,
        data: hashedBytes(fixture.pixels, sizeOf(fixture.image)),
      },
      labels: {
        dtype: 'int32',
        shape: [batchSize],
        data: Int32Array.from({ length: batchSize }, (_, i) => i),
      },
      learningRate: floatTensor([], Float32Array.of(fixture.sgd.learningRate)),
    }
    const losses: number[] = []
    const gradients: TensorMap = new Map()
    for (const step of fixture.losses.keys()) {
      const { loss } = await session.run('train', feeds)
      losses.push(loss?.data[0] ?? Number.NaN)
      if (step > 0) continue
      for (const key of Object.keys(fixture.gradients)) gradients.set(key, await firstGradient(key))
    }
    return { losses, gradients, before, after: await session.read([...before.keys()]) }
  } finally {
    await session.dispose()
  }

  /** The first direction is the gradient and the weight decay's. */
  async function firstGradient(key: string) {
    const slot = `optimizer.momentum.${key}`
    const direction = (await session.read([slot])).get(slot)!
    const weights = before.get(key)!.data
    const decay = fixture.sgd.weightDecay
    return floatTensor(
      direction.shape,
      direction.data.map((value, i) => value - decay * weights[i]!),
    )
  }
}

/** As the peer is traced: with auxiliary heads, without dropout, pixels in −1 … 1. */
function traces(
  name: string,
  { image, auxiliaryWeight }: TrainingFixture,
): Record<'train' | 'evaluation', Trace> {
  const [batchSize, height, width, channels] = image
  const halves = Array.from({ length: channels }, () => 0.5)
  const options = {
    batchSize,
    config: auxiliaryWeight > 0 ? { auxiliaryWeight } : {},
    preprocessing: { inputSize: [height, width], channels, mean: halves, std: halves } as const,
  }
  const train = traceModel(name, {
    ...options,
    mode: 'train',
    config: { ...options.config, dropRate: 0, ...(name === 'googlenet' && { auxiliaryDropRate: 0 }) },
  })
  return { train, evaluation: traceModel(name, { ...options, mode: 'infer' }) }
}

/** Names, norms, and what differences are a share of: a gradient may be zero but for rounding. */
function scaled(norms: Readonly<Record<string, number>>): [key: string, norm: number, scale: number][] {
  const floor = 1e-3 * Math.max(0, ...Object.values(norms))
  return Object.entries(norms).map(([key, norm]) => [key, norm, Math.max(norm, floor)])
}

function normOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2
  return Math.sqrt(sum)
}

function projection(key: string, change: Float32Array): number {
  const directions = hashedValues(`${key} direction`, change.length, -1, 1)
  let sum = 0
  for (let i = 0; i < change.length; i++) sum += directions[i]! * change[i]!
  return sum
}
