/** The engine for browsers. Nothing of Node is imported here. */
import { definePlugin, type Engine, type EngineOptions, type EngineProvider } from '@convkit/core'
import { describeRuntime } from './describe-runtime.js'
import { expectGpu } from './expect-gpu.js'
import { inTurn } from './in-turn.js'
import { installCommand, loadRuntime, type Provider } from './runtime.js'
import { createSession } from './session.js'
import { expectSupported } from './supported.js'

const library = 'onnxruntime-web'

const providers = { cpu: 'wasm', webgpu: 'webgpu' } as const satisfies Record<string, Provider>

/**
 * The engine that runs programs in a page or a worker: on the CPU by WebAssembly, or through WebGPU on a GPU, where
 * state then stays from step to step.
 *
 * WebAssembly has several threads only where the page is cross-origin isolated, and as many as the first engine of the
 * page asks for; by default all cores.
 *
 * @throws E_ENGINE_UNAVAILABLE when onnxruntime-web is missing or does not load, with the command that installs it;
 * when there is no GPU that WebGPU can use, with the reason; for a device or a precision that it has not.
 */
export async function onnxWebEngine(options: EngineOptions = {}): Promise<Engine> {
  const { threads = availableThreads(), device = 'cpu', precision } = options
  const provider = providers[expectSupported({ device, precision }, ['cpu', 'webgpu'])]
  const ort = await loadRuntime(library, () => import('onnxruntime-web/webgpu'))
  ort.env.wasm.numThreads = threads
  const runtime = inTurn(ort)
  if (provider === 'webgpu') await expectGpu(runtime)
  return {
    name: 'onnx',
    description: describeRuntime(`onnxruntime ${ort.env.versions.web}`, provider, threads),
    load: async (program) => createSession(runtime, program, { provider, threads, block: 0 }),
  }
}

/** {@link onnxWebEngine} for a registry. */
export const onnxWebProvider: EngineProvider = {
  name: 'onnx',
  priority: { training: 10, inference: 20 },
  install: installCommand(library),
  create: onnxWebEngine,
}

/** Adds the engine `onnx` for browsers to a registry. */
export default definePlugin({ name: '@convkit/engine-onnx', engines: [onnxWebProvider] })

function availableThreads(): number {
  const { crossOriginIsolated = false, navigator } = globalThis as Page
  return crossOriginIsolated ? (navigator?.hardwareConcurrency ?? 1) : 1
}

/** What a page or a worker has besides the language. */
interface Page {
  readonly crossOriginIsolated?: boolean
  readonly navigator?: { readonly hardwareConcurrency: number }
}
