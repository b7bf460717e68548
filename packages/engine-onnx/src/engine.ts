import { availableParallelism } from 'node:os'
import type { Engine, EngineOptions, EngineProvider } from '@convkit/core'
import { findBlockSize } from './block-size.js'
import { describeRuntime } from './describe-runtime.js'
import { expectGpu } from './expect-gpu.js'
import { installCommand, loadRuntime } from './runtime.js'
import { createSession } from './session.js'
import { expectSupported } from './supported.js'

const library = 'onnxruntime-node'

export interface OnnxEngineOptions extends EngineOptions {
  /**
   * On the CPU, train in ONNX Runtime's blocked layout where the CPU and the network's channels allow it; true by
   * default. Without it every image is channels-first.
   */
  readonly blocked?: boolean
}

/**
 * The engine that runs programs in ONNX Runtime, on the CPU or through WebGPU on any GPU.
 *
 * @throws E_ENGINE_UNAVAILABLE when onnxruntime-node is missing or does not load, with the command that installs it;
 * when there is no GPU that WebGPU can use, with the reason; for a device or a precision that it has not.
 */
export async function onnxEngine(options: OnnxEngineOptions = {}): Promise<Engine> {
  const { threads = availableParallelism(), blocked = true, device = 'cpu', precision } = options
  const provider = expectSupported({ device, precision }, ['cpu', 'webgpu'])
  const runtime = await loadRuntime(library, () => import('onnxruntime-node'))
  if (provider === 'webgpu') await expectGpu(runtime)
  const block = blocked && provider === 'cpu' ? await findBlockSize(runtime) : 0
  return {
    name: 'onnx',
    description: describeRuntime(`onnxruntime ${runtime.env.versions.node}`, provider, threads),
    load: async (program) => createSession(runtime, program, { provider, threads, block }),
  }
}

/** {@link onnxEngine} for a registry. */
export const onnxProvider: EngineProvider = {
  name: 'onnx',
  priority: { training: 10, inference: 20 },
  install: installCommand(library),
  create: onnxEngine,
}
