import type { Program, SymbolicTensor } from '@convkit/graph'
import type { Engine, Feeds, Session } from './engine.js'
import type { Pixels, Preprocessing } from './preprocessing.js'
import { preprocess } from './resample.js'
import { type FloatTensor, floatTensor, type TensorMap } from './tensors.js'
import type { Trace } from './trace.js'

/** Runs a network on images of any size; programs are compiled when they are first needed. */
export interface ImageRunner<Name extends string> {
  /** Outputs for all images, `[images, ...]` each. */
  run(images: readonly Pixels[]): Promise<Record<Name, FloatTensor>>
  /** Says that weights have changed since the last call. */
  invalidate(): void
  dispose(): Promise<void>
}

export interface ImageRunnerOptions<Name extends string> {
  readonly engine: Engine
  readonly weights: ReadonlyMap<string, FloatTensor>
  readonly preprocessing: Preprocessing
  /** Images a native call takes when there are several; a single image has a program of its own. */
  readonly batchSize: number
  readonly trace: (batchSize: number) => Trace
  /** What is computed: float32 tensors `[n, ...]`. */
  readonly outputs: (trace: Trace) => Record<Name, SymbolicTensor>
}

export function createImageRunner<Name extends string>(options: ImageRunnerOptions<Name>): ImageRunner<Name> {
  const { engine, weights, preprocessing, batchSize } = options
  const sessions = new Map<number, Promise<Session>>()

  const sessionFor = (size: number): Promise<Session> => {
    const existing = sessions.get(size)
    if (existing) return existing
    const traced = options.trace(size)
    const session = engine.load(inferenceProgram(traced, options.outputs(traced), weights))
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
  // Memory that was touched before is taken again: touching new pages takes as long as a small network.
  const spare = new Map<number, Uint8Array>()

  return {
    async run(images) {
      if (stale) await dispose()
      stale = false
      const size = images.length === 1 ? 1 : batchSize
      const session = await sessionFor(size)
      const results = new Map<string, FloatTensor>()
      const data = spare.get(size) ?? new Uint8Array(size * pixels)
      spare.delete(size)
      for (let from = 0; from < images.length; from += size) {
        const chunk = images.slice(from, from + size)
        for (const [row, image] of chunk.entries())
          data.set(preprocess(image, preprocessing).data, row * pixels)
        const outputs = await session.run('infer', {
          image: { dtype: 'uint8', shape: [size, ...shape], data },
        })
        collect(results, outputs, { from, count: chunk.length, total: images.length })
      }
      spare.set(size, data)
      return Object.fromEntries(results) as Record<Name, FloatTensor>
    },
    invalidate() {
      stale = true
    },
    dispose,
  }
}

interface Rows {
  readonly from: number
  readonly count: number
  readonly total: number
}

/** Adds the first `count` rows of a batch's outputs to those of all images. */
function collect(results: TensorMap, outputs: Feeds, { from, count, total }: Rows): void {
  for (const [name, { shape, data }] of Object.entries(outputs)) {
    const [, ...rest] = shape
    const width = rest.reduce((product, size) => product * size, 1)
    const all = results.get(name) ?? floatTensor([total, ...rest], new Float32Array(total * width))
    all.data.set(data.subarray(0, count * width), from * width)
    results.set(name, all)
  }
}

/** A program that computes outputs from an image, with the state that the trace reads. */
export function inferenceProgram(
  { image, state }: Pick<Trace, 'image' | 'state'>,
  outputs: Readonly<Record<string, SymbolicTensor>>,
  weights: ReadonlyMap<string, FloatTensor>,
): Program {
  return {
    state: Object.fromEntries(
      [...state].map(([name, { tensor }]) => [
        name,
        { shape: tensor.shape, initial: () => weights.get(name) as FloatTensor },
      ]),
    ),
    signatures: { infer: { inputs: { image }, outputs, updates: {} } },
  }
}
