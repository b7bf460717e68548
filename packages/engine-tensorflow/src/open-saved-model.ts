import { availableParallelism } from 'node:os'
import type { EngineOptions, Feeds } from '@convkit/core'
import type { TensorData } from '@convkit/graph'
import { type ExchangedTensor, put, take } from './exchange.js'
import { runnerFor } from './runners.js'

/** A SavedModel of a folder, in TensorFlow. */
export interface OpenedSavedModel {
  /** TensorFlow's version. */
  readonly version: string
  /** Runs a signature. Bytes come back as int32. */
  run(signature: string, feeds: Feeds): Promise<Feeds>
  dispose(): Promise<void>
}

/**
 * Opens any SavedModel tagged `serve`, whoever has written it; the folder is not needed any more then.
 *
 * @throws E_ENGINE_UNAVAILABLE when there is no binding to TensorFlow that loads, with the command that mends it;
 * E_ENGINE when TensorFlow cannot load the folder.
 */
export async function openSavedModel(
  folder: string,
  signatures: readonly string[],
  { threads = availableParallelism() }: Pick<EngineOptions, 'threads'> = {},
): Promise<OpenedSavedModel> {
  const runner = await runnerFor({ threads, device: 'cpu', precision: 'float32' })
  const model = await runner.exclusively(() => runner.call('load', { folder, signatures }))
  return {
    version: runner.version,
    run: (signature, feeds) =>
      runner.exclusively(async () => {
        const values = Object.entries(feeds).map(([name, tensor]) => [name, widened(tensor)] as const)
        const outputs = await runner.call('run', {
          model,
          signature,
          feeds: put(runner.exchange, values),
        })
        return Object.fromEntries(outputs.map((slot) => [slot.name, take(runner.exchange, slot)]))
      }),
    async dispose() {
      await runner.exclusively(() => runner.call('unload', { model }))
    },
  }
}

/** tfjs-node takes bytes as int32. */
function widened(tensor: TensorData): ExchangedTensor {
  const { dtype, shape, data } = tensor
  if (dtype === 'float32' || dtype === 'int32') return tensor
  return dtype === 'bool' ? { dtype, shape, data } : { dtype: 'int32', shape, data: Int32Array.from(data) }
}
