import { availableParallelism } from 'node:os'
import type { Engine, EngineOptions, EngineProvider } from '@convkit/core'
import { bfloat16Products } from './bfloat16-products.js'
import { runnerFor } from './runners.js'
import { createSession } from './session.js'

export type TensorflowEngineOptions = EngineOptions

/**
 * The engine that runs programs in TensorFlow, on the CPU or on an NVIDIA GPU, in a process of its own: the event loop
 * goes on during a run. Engines with the same options share the process, which ends with this one.
 *
 * @throws E_ENGINE_UNAVAILABLE when there is no tfjs package with a native binding that loads, or it has no such
 * device or precision; with the command that mends it.
 */
export async function tensorflowEngine(options: TensorflowEngineOptions = {}): Promise<Engine> {
  const { threads = availableParallelism(), device = 'cpu', precision = 'float32' } = options
  const runner = await runnerFor({ threads, device, precision })
  const products = precision === 'bfloat16' ? await bfloat16Products(runner) : 'float32'
  const computed = products === 'float32' ? precision : products
  const where = device === 'cpu' ? `${threads} ${threads === 1 ? 'thread' : 'threads'}` : 'GPU'
  return {
    name: 'tensorflow',
    description: `tensorflow ${runner.version}, ${where}${computed === 'float32' ? '' : `, ${computed}`}`,
    load: (program) => createSession(runner, program, { products }),
  }
}

/** {@link tensorflowEngine} for a registry. */
export const tensorflowProvider: EngineProvider = {
  name: 'tensorflow',
  // ONNX Runtime predicts 1.3 to 4.6 times as fast, and takes a second less to load
  priority: { training: 20, inference: 10 },
  install: 'npm install @tensorflow/tfjs-node && npx convkit setup tensorflow',
  create: tensorflowEngine,
}
