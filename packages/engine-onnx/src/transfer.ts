import { graphBuilder } from './onnx/graph-builder.js'
import { encodeModel, toModel } from './onnx/model.js'
import type { Fetches, Provider, Runtime, Tensor } from './runtime.js'

/** Moves float32 tensors between the host and a device. */
export interface Transfer {
  /** Copies in the device's memory; the caller disposes of them. */
  upload(tensors: ReadonlyMap<string, Tensor>): Promise<Map<string, Tensor>>
  download(tensors: ReadonlyMap<string, Tensor>): Promise<Map<string, Float32Array>>
}

/** So many bytes are moved at once: the library needs them on the host a second time, in a browser in its heap. */
const largestPart = 2 ** 26

/**
 * A transfer by graphs that copy their inputs. It needs no more of the library than running a graph, and works where
 * tensors on the device cannot be made or read otherwise.
 */
export function graphTransfer(runtime: Runtime, provider: Provider): Transfer {
  const copyPart = async (part: ReadonlyMap<string, Tensor>, location: 'cpu' | 'gpu-buffer') => {
    const graph = graphBuilder()
    const outputs = [...part].map(([name, { dims }]) => ({
      name,
      value: graph.input(name, 'float32', dims),
      dtype: 'float32' as const,
      shape: dims,
    }))
    const finished = graph.finish(outputs)
    const session = await runtime.InferenceSession.create(encodeModel(toModel(finished).model), {
      executionProviders: [provider],
      graphOptimizationLevel: 'disabled',
      preferredOutputLocation: location,
      logSeverityLevel: 3,
    })
    const feeds = Object.fromEntries(
      [...part.values()].map((tensor, i) => [finished.inputs[i]!.name, tensor]),
    )
    const fetches: Fetches = Object.fromEntries(finished.outputs.map(({ name }) => [name, null]))
    const results = await session.run(feeds, fetches)
    await session.release()
    return [...part.keys()].map((name, i) => [name, results[finished.outputs[i]!.name] as Tensor] as const)
  }
  const copy = async (tensors: ReadonlyMap<string, Tensor>, location: 'cpu' | 'gpu-buffer') => {
    const copies = new Map<string, Tensor>()
    for (const part of parts(tensors)) {
      for (const [name, tensor] of await copyPart(part, location)) copies.set(name, tensor)
    }
    return copies
  }
  return {
    upload: (tensors) => copy(tensors, 'gpu-buffer'),
    async download(tensors) {
      const copies = await copy(tensors, 'cpu')
      return new Map([...copies].map(([name, { data }]) => [name, data as Float32Array]))
    },
  }
}

/** Tensors in groups of at most {@link largestPart}, or of one. */
function parts(tensors: ReadonlyMap<string, Tensor>): Map<string, Tensor>[] {
  const groups: Map<string, Tensor>[] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const [name, tensor] of tensors) {
    bytes += 4 * tensor.size
    if (bytes > largestPart) {
      groups.push(new Map())
      bytes = 4 * tensor.size
    }
    groups.at(-1)?.set(name, tensor)
  }
  return groups
}
