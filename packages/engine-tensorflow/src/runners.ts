import type { EngineOptions } from '@convkit/core'
import { ConvkitError } from '@convkit/graph'
import { type RunnerProcess, startRunner } from './runner-process.js'
import { findPackage, hasBinding, type PackageName } from './setup/package.js'

type RunnerOptions = { readonly [K in keyof EngineOptions]-?: NonNullable<EngineOptions[K]> }

const running = new Map<string, Promise<RunnerProcess>>()

/** The process for these options: TensorFlow takes them once, when it starts. */
export function runnerFor(options: RunnerOptions): Promise<RunnerProcess> {
  const key = JSON.stringify([options.threads, options.device, options.precision])
  const existing = running.get(key)
  if (existing) return existing
  const forget = () => void running.delete(key)
  const started = start(options, forget)
  running.set(key, started)
  started.catch(forget)
  return started
}

async function start(options: RunnerOptions, onEnd: () => void): Promise<RunnerProcess> {
  const { device, precision } = options
  if (device === 'webgpu') throw unavailable('TensorFlow has no WebGPU device; choose cpu or cuda')
  if (device === 'cuda' && precision === 'bfloat16-math') {
    throw unavailable('bfloat16-math is of the CPU; choose bfloat16 on cuda')
  }
  const names: PackageName[] = ['@tensorflow/tfjs-node-gpu']
  if (device === 'cpu') names.unshift('@tensorflow/tfjs-node')
  const packages = names.flatMap((name) => findPackage(name, process.cwd()) ?? [])
  const setUp = `npx convkit setup tensorflow${device === 'cuda' ? ' --gpu' : ''}`
  if (packages.length === 0) {
    throw unavailable(
      `${names[0]} is not installed; run: npm install --ignore-scripts ${names[0]} && ${setUp}`,
    )
  }
  const found = packages.find(hasBinding)
  if (!found) throw unavailable(`${packages[0]!.name} has no native binding; make it with: ${setUp}`)
  try {
    const runner = await startRunner(found.folder, environment(options), onEnd)
    if (device === 'cpu' || runner.isOnGpu) return runner
  } catch (cause) {
    const [reason] = (cause as Error).message.split('\n')
    throw unavailable(`${found.name} does not load (${reason}); mend it with: ${setUp}`, cause)
  }
  throw unavailable('TensorFlow finds no CUDA GPU that it can use')
}

const unavailable = (message: string, cause?: unknown) =>
  new ConvkitError('E_ENGINE_UNAVAILABLE', message, { cause })

/** What TensorFlow reads when it starts. */
function environment({ threads, device, precision }: RunnerOptions): Record<string, string> {
  return {
    TF_NUM_INTRAOP_THREADS: `${threads}`,
    // Each op takes all threads: ops beside each other only get in each other's way.
    ...(device === 'cpu' && { TF_NUM_INTEROP_THREADS: '1' }),
    TF_CPP_MIN_LOG_LEVEL: '2',
    ...(precision === 'bfloat16-math' && { TF_SET_ONEDNN_FPMATH_MODE: 'BF16' }),
    // One GPU, and no more of its memory than is needed; none for the CPU.
    CUDA_VISIBLE_DEVICES: device === 'cpu' ? '-1' : (process.env.CUDA_VISIBLE_DEVICES?.split(',')[0] ?? '0'),
    ...(device === 'cuda' && { TF_FORCE_GPU_ALLOW_GROWTH: 'true' }),
  }
}
