import { ConvkitError } from '@convkit/graph'
import type * as Ort from 'onnxruntime-node'

export type { Tensor } from 'onnxruntime-node'

/** A compiled graph. */
export interface NativeSession {
  /** @param fetches the outputs to compute, by name: into tensors that are there, or for null into new ones. */
  run(feeds: Ort.InferenceSession.FeedsType, fetches: Fetches): Promise<Ort.InferenceSession.ReturnType>
  release(): Promise<void>
}

export type Fetches = Ort.InferenceSession.NullableOnnxValueMapType

/** What is used of ONNX Runtime's module: its packages for Node and for browsers have it alike. */
export interface Runtime {
  readonly Tensor: typeof Ort.Tensor
  readonly InferenceSession: {
    create(model: Uint8Array, options: Ort.InferenceSession.SessionOptions): Promise<NativeSession>
  }
}

/** The part of ONNX Runtime that computes: the CPU natively or as WebAssembly, or a GPU. */
export type Provider = 'cpu' | 'wasm' | 'webgpu'

/**
 * What a session is made with to compute there. On a GPU, memory that a step has let go of is kept for the next: a
 * training step asks for the same sizes each time, and to make and to clear them anew takes longer than the step.
 */
export function executionProvider(provider: Provider): Ort.InferenceSession.ExecutionProviderConfig {
  return provider === 'webgpu' ? { name: provider, storageBufferCacheMode: 'simple' } : provider
}

/** The command that makes one of ONNX Runtime's packages available. */
export const installCommand = (library: string) => `npm install ${library}`

/** @throws E_ENGINE_UNAVAILABLE when a library is missing or does not load. */
export async function loadRuntime<R extends Runtime>(library: string, load: () => Promise<R>): Promise<R> {
  try {
    return await load()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
    throw new ConvkitError(
      'E_ENGINE_UNAVAILABLE',
      `${library} does not load (${reason}); install it with: ${installCommand(library)}`,
      { cause },
    )
  }
}
