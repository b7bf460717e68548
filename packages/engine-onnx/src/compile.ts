import { floatTensor } from '@convkit/core'
import type { Program } from '@convkit/graph'
import { type LoweredSignature, type LowerOptions, lowerSignature } from './lower.js'
import { encodeModel, toModel } from './onnx/model.js'
import type { InferenceSession, Runtime } from './runtime.js'

/** A signature that the native library is ready to run. */
export interface Compiled {
  readonly lowered: LoweredSignature
  readonly session: InferenceSession
}

export interface CompileOptions extends Pick<LowerOptions, 'block' | 'stateLayouts'> {
  readonly threads: number
  /** Values of state to compile into the graph. */
  readonly weights?: (name: string) => Float32Array
}

/** Initializers of at least this many bytes are handed over beside the model, not copied into it. */
const externalAbove = 2 ** 16

export async function compile(
  runtime: Runtime,
  program: Program,
  name: string,
  { threads, weights, ...options }: CompileOptions,
): Promise<Compiled> {
  const lowered = lowerSignature(program, name, {
    ...options,
    ...(weights && { weights: (key) => floatTensor(program.state[key]?.shape ?? [], weights(key)) }),
  })
  const { model, externalData } = toModel(lowered.graph, { externalAbove })
  const session = await runtime.InferenceSession.create(encodeModel(model), {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // What a training graph gains by the library's own passes does not pay for them.
    graphOptimizationLevel: weights ? 'all' : 'disabled',
    // With planned memory, blocks for both the unplanned first run and the later ones stay allocated.
    enableMemPattern: false,
    logSeverityLevel: 3,
    externalData,
    extra: { session: { force_spinning_stop: '1' } },
  })
  return { lowered, session }
}
