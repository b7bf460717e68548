import { availableParallelism } from 'node:os'
import type { Engine, EngineOptions, EngineProvider } from '@convkit/core'
import { findBlockSize } from './block-size.js'
import { installCommand, loadRuntime } from './runtime.js'
import { createSession } from './session.js'

export interface OnnxEngineOptions extends EngineOptions {
  /**
   * Train in ONNX Runtime's blocked layout where the CPU and the network's channels allow it; true by default.
   * Without it every image is channels-first.
   */
  readonly blocked?: boolean
}

/**
 * The engine that runs programs in ONNX Runtime, on the CPU.
 *
 * @throws E_ENGINE_UNAVAILABLE when onnxruntime-node is missing or does not load, with the command that installs it.
 */
export async function onnxEngine(options: OnnxEngineOptions = {}): Promise<Engine> {
  const { threads = availableParallelism(), blocked = true } = options
  const runtime = await loadRuntime()
  const block = blocked ? await findBlockSize(runtime) : 0
  return {
    name: 'onnx',
    description: `onnxruntime ${runtime.env.versions.node}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    load: async (program) => createSession(runtime, program, { threads, block }),
  }
}

/** {@link onnxEngine} for a registry. */
export const onnxProvider: EngineProvider = {
  name: 'onnx',
  priority: 10,
  install: installCommand,
  create: onnxEngine,
}
