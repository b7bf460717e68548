import { type Engine, type Feeds, floatTensor, type Trace } from '@convkit/core'
import { onnxEngine } from '@convkit/engine-onnx'
import { tensorflowEngine } from '@convkit/engine-tensorflow'
import { type SymbolicTensor, sizeOf } from '@convkit/graph'
import { crossEntropy, sgd, trainingProgram } from '@convkit/train'
import { expect, test } from 'vitest'
import zoo from './index.js'
import { hashedBytes, hashedValues, hashedWeights, type Ranges } from './testing/hashed-values.js'
import { parameterCount, traceModel } from './testing/trace-model.js'

/** Of each architecture the variant with the fewest parameters. */
const smallest = zoo.architectures.map(({ variants }) => {
  const sizes = Object.keys(variants).map((name) => ({ name, size: parameterCount(traceModel(name)) }))
  return sizes.reduce((least, other) => (other.size < least.size ? other : least)).name
})

test.each(smallest)('%s trains a step, and alike on both engines', async (name) => {
  const { onnx, learningRate } = await tellingStep(name)
  const tensorflow = await trainingStep(name, await tensorflowEngine(), learningRate)
  expect(onnx.loss).toBeGreaterThan(0)
  expect(Math.abs(tensorflow.loss / onnx.loss - 1)).toBeLessThan(1e-3)
  // Wrong gradients of a single layer make it a tenth or more.
  expect(Math.abs(tensorflow.change / onnx.change - 1)).toBeLessThan(0.01)
})

/** A step that changes the loss by more than a few roundings: networks differ in how large a learning rate that takes. */
async function tellingStep(name: string): Promise<{ onnx: Step; learningRate: number }> {
  for (const learningRate of [1e-5, 1e-4, 1e-3, 1e-2, 1e-1]) {
    const onnx = await trainingStep(name, await onnxEngine(), learningRate)
    if (Math.abs(onnx.change) > 1e-3 * onnx.loss) return { onnx, learningRate }
  }
  throw new Error(`No step of ${name} changes its loss`)
}

interface Step {
  /** The training loss at the first weights. */
  readonly loss: number
  /** By how much the step changes the loss of inference on the same batch. */
  readonly change: number
}

const batchSize = 4

/** Trains a model one step, on the smallest images that it takes of some usual sizes. */
async function trainingStep(name: string, engine: Engine, learningRate: number): Promise<Step> {
  const preprocessing = smallestInput(name)
  const options = { classes: 10, batchSize, preprocessing }
  const train = traceModel(name, { ...options, mode: 'train' })
  const evaluation = traceModel(name, { ...options, mode: 'infer' })
  const weights = hashedWeights(evaluation, rangesOf(evaluation))
  const { program } = trainingProgram({
    ...{ weights, train, evaluation },
    loss: crossEntropy(),
    optimizer: sgd({ learningRate: 0.01 }),
    accumulate: 1,
    seed: 0,
  })
  const session = await engine.load(program)
  try {
    const { shape } = train.image
    const batch: Feeds = {
      image: { dtype: 'uint8', shape, data: hashedBytes('image', sizeOf(shape)) },
      labels: { dtype: 'int32', shape: [batchSize], data: Int32Array.of(3, 7, 0, 5) },
    }
    const masks = Object.fromEntries([...train.masks].map(([key, mask]) => [key, maskOf(key, mask)]))
    const loss = async (signature: string, feeds: Feeds) =>
      (await session.run(signature, feeds)).loss?.data[0] ?? Number.NaN
    const before = await loss('evaluate', batch)
    const trained = await loss('train', {
      ...batch,
      ...masks,
      learningRate: floatTensor([], Float32Array.of(learningRate)),
    })
    return { loss: trained, change: (await loss('evaluate', batch)) - before }
  } finally {
    await session.dispose()
  }
}

/** Batch normalisation of single pixels would make much of roundings: the last map has some. */
function smallestInput(name: string) {
  for (const side of [64, 96, 128, 160]) {
    const preprocessing = { inputSize: [side, side] as const }
    try {
      const { features } = traceModel(name, { batchSize, mode: 'train', preprocessing })
      if ([...features.values()].at(-1)!.shape[1]! >= 3) return preprocessing
    } catch {
      // Too small for its pools, or of a fixed size.
    }
  }
  return {}
}

/** Near what an untrained network has, but no two values the same. */
function rangesOf({ state }: Trace): Ranges {
  return Object.fromEntries(
    [...state.keys()].map((key) => {
      const last = key.slice(key.lastIndexOf('.') + 1)
      return [last, /bias|mean/.test(last) ? [-0.1, 0.1] : [0.9, 1.1]]
    }),
  )
}

function maskOf(key: string, { shape }: SymbolicTensor) {
  const values = hashedValues(key, sizeOf(shape), 0, 1)
  return floatTensor(
    shape,
    values.map((value) => (value < 0.5 ? 0 : 2)),
  )
}
