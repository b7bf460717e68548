import { neighbours } from '@convkit/core'
import { graphBuilder } from './onnx/graph-builder.js'
import { encodeModel, toModel } from './onnx/model.js'
import {
  executionProvider,
  type Fetches,
  type NativeSession,
  type Provider,
  type Runtime,
  type Tensor,
} from './runtime.js'

/** Moves float32 tensors between the host and a device. */
export interface Transfer {
  /** Copies in the device's memory, which the caller disposes of. */
  upload(tensors: ReadonlyMap<string, Tensor>): Promise<Map<string, Tensor>>
  download(tensors: ReadonlyMap<string, Tensor>): Promise<Map<string, Float32Array>>
  /** To be called when what was uploaded is disposed of. */
  dispose(): Promise<void>
}

type Location = 'cpu' | 'gpu-buffer'

/** So many bytes are moved at once: the library needs them on the host a second time, in a browser in its heap. */
const largestPart = 2 ** 26

/**
 * A transfer by graphs that copy their inputs. It needs no more of the library than running a graph, and works where
 * tensors on the device cannot be made or read otherwise.
 */
export function graphTransfer(runtime: Runtime, provider: Provider): Transfer {
  // Memory of the device goes with the session that it came from, so sessions stay.
  const copiers = new Map<string, Promise<Copier>>()
  const copierFor = (part: ReadonlyMap<string, Tensor>, location: Location) => {
    const key = JSON.stringify([location, ...part.keys()])
    const copier = copiers.get(key) ?? createCopier(runtime, provider, part, location)
    copiers.set(key, copier)
    return copier
  }
  const copy = async (tensors: ReadonlyMap<string, Tensor>, location: Location) => {
    const copies = new Map<string, Tensor>()
    for (const group of neighbours(tensors, ([, { size }]) => 4 * size, largestPart)) {
      const part = new Map(group)
      const { copy } = await copierFor(part, location)
      for (const [name, tensor] of await copy(part)) copies.set(name, tensor)
    }
    return copies
  }
  return {
    upload: (tensors) => copy(tensors, 'gpu-buffer'),
    async download(tensors) {
      const copies = await copy(tensors, 'cpu')
      return new Map([...copies].map(([name, { data }]) => [name, data as Float32Array]))
    },
    async dispose() {
      for (const copier of copiers.values()) await (await copier).session.release()
      copiers.clear()
    },
  }
}

interface Copier {
  readonly session: NativeSession
  copy(tensors: ReadonlyMap<string, Tensor>): Promise<Map<string, Tensor>>
}

/** Copies tensors of these names and shapes. */
async function createCopier(
  { InferenceSession }: Runtime,
  provider: Provider,
  tensors: ReadonlyMap<string, Tensor>,
  location: Location,
): Promise<Copier> {
  const graph = graphBuilder()
  const { inputs, outputs, ...finished } = graph.finish(
    [...tensors].map(([name, { dims }]) => {
      const value = graph.input(name, 'float32', dims)
      return { name, value, dtype: 'float32', shape: dims }
    }),
  )
  const session = await InferenceSession.create(
    encodeModel(toModel({ inputs, outputs, ...finished }).model),
    {
      executionProviders: [executionProvider(provider)],
      graphOptimizationLevel: 'disabled',
      preferredOutputLocation: location,
      logSeverityLevel: 3,
    },
  )
  const fetches: Fetches = Object.fromEntries(outputs.map(({ name }) => [name, null]))
  return {
    session,
    async copy(values) {
      const feeds = [...values.values()].map((tensor, i) => [inputs[i]?.name, tensor])
      const results = await session.run(Object.fromEntries(feeds), fetches)
      return new Map([...values.keys()].map((name, i) => [name, results[outputs[i]?.name ?? ''] as Tensor]))
    },
  }
}
