import { ConvkitError } from '@convkit/graph'
import type * as Ort from 'onnxruntime-node'

export type { InferenceSession, Tensor } from 'onnxruntime-node'

/** The native library's module. */
export type Runtime = typeof Ort

export const installCommand = 'npm install onnxruntime-node'

/** @throws E_ENGINE_UNAVAILABLE when the library is missing or does not load. */
export async function loadRuntime(
  load: () => Promise<Runtime> = () => import('onnxruntime-node'),
): Promise<Runtime> {
  try {
    return await load()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
    throw new ConvkitError(
      'E_ENGINE_UNAVAILABLE',
      `onnxruntime-node does not load (${reason}); install it with: ${installCommand}`,
      { cause },
    )
  }
}
