import { floatTensor } from '@convkit/core'
import type { Program } from '@convkit/graph'
import { type LoweredSignature, type LowerOptions, lowerSignature } from './lower.js'
import { encodeModel, toModel } from './onnx/model.js'
import { executionProvider, type NativeSession, type Provider, type Runtime } from './runtime.js'
import { addUnreadOutput } from './unread-output.js'

/** A signature that the native library is ready to run. */
export interface Compiled {
  readonly lowered: LoweredSignature
  readonly session: NativeSession
}

export interface CompileOptions extends Pick<LowerOptions, 'block' | 'stateLayouts'> {
  readonly provider: Provider
  readonly threads: number
  /** Values of state to compile into the graph. */
  readonly weights?: ((name: string) => Float32Array) | undefined
}

/** Initializers of at least this many bytes are handed over beside the model, not copied into it. */
const externalAbove = 2 ** 16

export async function compile(
  runtime: Runtime,
  program: Program,
  name: string,
  { provider, threads, weights, ...options }: CompileOptions,
): Promise<Compiled> {
  const lowered = lowerSignature(program, name, {
    ...options,
    target: provider === 'webgpu' ? 'webgpu' : 'cpu',
    updateInPlace: provider === 'cpu',
    ...(weights && { weights: (key) => floatTensor(program.state[key]?.shape ?? [], weights(key)) }),
  })
  const { model, externalData } = toModel(lowered.graph, { externalAbove })
  if (isUnread(provider, lowered)) addUnreadOutput(model)
  const session = await runtime.InferenceSession.create(encodeModel(model), {
    executionProviders: [executionProvider(provider)],
    ...onDevice(provider, lowered),
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

/** Whether results go to arrays that are given, and nowhere else. */
export function isUnread(provider: Provider, { updates }: LoweredSignature): boolean {
  return provider === 'cpu' && updates.size > 0
}

/** New values of state stay on the GPU; other outputs come to the host. */
function onDevice(provider: Provider, { updates }: LoweredSignature) {
  if (provider !== 'webgpu' || updates.size === 0) return {}
  const locations = [...updates.values()].map((name) => [name, 'gpu-buffer'] as const)
  return { preferredOutputLocation: Object.fromEntries(locations) }
}
