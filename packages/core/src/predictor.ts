import { type Program, softmax } from '@convkit/graph'
import type { Engine, Session } from './engine.js'
import type { Pixels, Preprocessing } from './preprocessing.js'
import { preprocess } from './resample.js'
import type { FloatTensor, TensorMap } from './tensors.js'
import type { Trace } from './trace.js'

/** Logits and probabilities, `[images, classes]` row-major. */
export interface Inference {
  readonly logits: Float32Array
  readonly probabilities: Float32Array
}

export interface Predictor {
  infer(images: readonly Pixels[]): Promise<Inference>
  /** Says that weights have changed since the last call. */
  invalidate(): void
  dispose(): Promise<void>
}

export interface PredictorOptions {
  readonly engine: Engine
  readonly weights: TensorMap
  readonly preprocessing: Preprocessing
  readonly classes: number
  /** Images a native call takes when there are several; a single image has a program of its own. */
  readonly batchSize: number
  readonly trace: (batchSize: number) => Trace
}

/** Runs a network on images of any size; programs are compiled when they are first needed. */
export function createPredictor({
  engine,
  weights,
  preprocessing,
  classes,
  batchSize,
  trace,
}: PredictorOptions): Predictor {
  const sessions = new Map<number, Promise<Session>>()

  const sessionFor = (size: number): Promise<Session> => {
    const existing = sessions.get(size)
    if (existing) return existing
    const session = engine.load(predictProgram(trace(size), weights))
    sessions.set(size, session)
    return session
  }

  const dispose = async () => {
    const loaded = [...sessions.values()]
    sessions.clear()
    for (const session of loaded) await (await session).dispose()
  }

  let stale = false
  const shape = [...preprocessing.inputSize, preprocessing.channels]
  const pixels = shape.reduce((product, size) => product * size, 1)

  return {
    async infer(images) {
      if (stale) await dispose()
      stale = false
      const size = images.length === 1 ? 1 : batchSize
      const logits = new Float32Array(images.length * classes)
      const probabilities = new Float32Array(logits.length)
      for (let from = 0; from < images.length; from += size) {
        const chunk = images.slice(from, from + size)
        const data = new Uint8Array(size * pixels)
        for (const [row, image] of chunk.entries())
          data.set(preprocess(image, preprocessing).data, row * pixels)
        const session = await sessionFor(size)
        const outputs = await session.run('predict', {
          image: { dtype: 'uint8', shape: [size, ...shape], data },
        })
        const { logits: chunkLogits, probabilities: chunkProbabilities } = outputs as Record<
          'logits' | 'probabilities',
          FloatTensor
        >
        const rows = chunk.length * classes
        logits.set(chunkLogits.data.subarray(0, rows), from * classes)
        probabilities.set(chunkProbabilities.data.subarray(0, rows), from * classes)
      }
      return { logits, probabilities }
    },
    invalidate() {
      stale = true
    },
    dispose,
  }
}

function predictProgram({ image, logits }: Trace, weights: TensorMap): Program {
  const state = Object.fromEntries(
    [...weights].map(([name, tensor]) => [name, { shape: tensor.shape, initial: () => tensor }]),
  )
  const outputs = { logits, probabilities: softmax(logits) }
  return { state, signatures: { predict: { inputs: { image }, outputs, updates: {} } } }
}
