import { ConvkitError, type Program, type TensorData } from '@convkit/graph'
import type { FloatTensor, TensorMap } from './tensors.js'

/** Values for a signature's inputs, or from its outputs, by name. */
export type Feeds = Readonly<Record<string, TensorData>>

/**
 * A loaded program. It holds the program's state natively; values cross to JavaScript only by {@link read}.
 * One call at a time: callers await each run before the next.
 */
export interface Session {
  /** Runs a signature once and stores its updates; resolves to its outputs. */
  run(signature: string, feeds: Feeds): Promise<Feeds>
  /** Copies state to the host: all of it, or the named tensors, each in the layout its name has in PyTorch. */
  read(names?: readonly string[]): Promise<TensorMap>
  /** Replaces state; a name that the program lacks or another shape is an error (E_STATE). */
  write(tensors: Iterable<readonly [string, FloatTensor]>): Promise<void>
  dispose(): Promise<void>
}

/** Compiles programs and runs them. */
export interface Engine {
  readonly name: string
  /** For people: `onnxruntime 1.30.0, 2 threads`. */
  readonly description: string
  load(program: Program): Promise<Session>
}

/** Where an engine computes: on the CPU, an NVIDIA GPU (`cuda`), or any GPU (`webgpu`). */
export type Device = 'cpu' | 'cuda' | 'webgpu'

/**
 * How convolutions and matrix products are computed; parameters, statistics, loss and everything else stay float32.
 * `bfloat16` casts their factors in the graph; `bfloat16-math` lets the library compute float32 products in bfloat16
 * where the CPU can.
 */
export type Precision = 'float32' | 'bfloat16' | 'bfloat16-math'

export interface EngineOptions {
  /** Threads inside one run; the number of cores by default. */
  readonly threads?: number | undefined
  /** `cpu` by default. An engine that has no such device is not available. */
  readonly device?: Device | undefined
  /** `float32` by default. An engine that cannot compute so is not available. */
  readonly precision?: Precision | undefined
}

/** What an engine is chosen for: the one that trains fastest may predict more slowly, and take longer to load. */
export type EnginePurpose = 'training' | 'inference'

/** How an engine gets into the registry: by name, made only when it is asked for. */
export interface EngineProvider {
  readonly name: string
  /** With `auto` the available engine of the highest priority for the purpose is taken. */
  readonly priority: Readonly<Record<EnginePurpose, number>>
  /** The command that makes the engine available. */
  readonly install: string
  /** @throws E_ENGINE_UNAVAILABLE when the native library is missing or does not load, with the reason. */
  create(options?: EngineOptions): Promise<Engine>
}

/**
 * Makes the engine called `name`, or with `auto` the first available one by its priority for `purpose`.
 *
 * @throws E_UNKNOWN_ENGINE, E_ENGINE_UNAVAILABLE with the command that installs the engine.
 */
export async function selectEngine(
  providers: Iterable<EngineProvider>,
  name = 'auto',
  options: EngineOptions = {},
  purpose: EnginePurpose = 'training',
): Promise<Engine> {
  const known = [...providers].sort((a, b) => b.priority[purpose] - a.priority[purpose])
  const candidates = name === 'auto' ? known : known.filter((provider) => provider.name === name)
  const reasons: string[] = []
  for (const provider of candidates) {
    try {
      return await provider.create(options)
    } catch (error) {
      reasons.push(
        `${provider.name}: ${error instanceof Error ? error.message : error}; install it with: ${provider.install}`,
      )
    }
  }
  if (reasons.length > 0)
    throw new ConvkitError('E_ENGINE_UNAVAILABLE', `No engine is available (${reasons.join(' | ')})`)
  const names = known.map((provider) => provider.name).join(', ') || 'none'
  throw new ConvkitError(
    'E_UNKNOWN_ENGINE',
    name === 'auto'
      ? "No engine is registered; import '@convkit/engine-onnx/register'"
      : `There is no engine ${JSON.stringify(name)}; registered: ${names}`,
  )
}
