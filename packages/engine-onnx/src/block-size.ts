import { conv2d, input, type Program } from '@convkit/graph'
import { lowerSignature } from './lower.js'
import { nchwc } from './lowering/nchwc.js'
import { graphBuilder, type OnnxGraph } from './onnx/graph-builder.js'
import { encodeModel, toModel } from './onnx/model.js'
import type { Runtime } from './runtime.js'

/**
 * The block size of ONNX Runtime's NCHWc layout on this CPU; 0 where its kernels are missing, or compute anything but
 * what the lowerings expect of them.
 */
export async function findBlockSize(runtime: Runtime): Promise<number> {
  try {
    const block = await reorderedChannels(runtime)
    return (await convolvesBlocks(runtime, block)) ? block : 0
  } catch {
    // The ops are ONNX Runtime's own business, not part of its interface: a version may lack them.
    return 0
  }
}

/** A reordered image of 4 channels is filled up to one block. */
async function reorderedChannels(runtime: Runtime): Promise<number> {
  const graph = graphBuilder()
  const x = graph.input('x', 'float32', [1, 4, 1, 1])
  const shape = graph.add('Shape', [graph.add(nchwc('ReorderInput'), [x], { channels_last: 0 })])
  const value = graph.add('Cast', [shape], { to: 6 })
  const finished = graph.finish([{ name: 'shape', value, dtype: 'int32', shape: [4] }])
  const [sizes] = await runOnce(runtime, finished, { x: { data: new Float32Array(4), shape: [1, 4, 1, 1] } })
  return sizes?.[1] ?? 0
}

/** Whether a blocked convolution of two blocks gives what ONNX's own does. */
async function convolvesBlocks(runtime: Runtime, block: number): Promise<boolean> {
  const shapes = { x: [1, 3, 3, 2 * block], filter: [block, 2 * block, 3, 3] }
  const [x, filter] = [input('x', shapes.x), input('filter', shapes.filter)]
  const outputs = { y: conv2d(x, filter, { padding: 1, strides: 2 }) }
  const program: Program = {
    state: {},
    signatures: { main: { inputs: { x, filter }, outputs, updates: {} } },
  }
  const ramp = (shape: readonly number[], step: number) => {
    const length = shape.reduce((product, size) => product * size, 1)
    return { shape, data: Float32Array.from({ length }, (_, i) => Math.sin(i * step)) }
  }
  const feeds = { x: ramp(shapes.x, 0.7), filter: ramp(shapes.filter, 0.3) }
  const [expected, actual] = await Promise.all(
    [0, block].map(async (size) => {
      const [y] = await runOnce(runtime, lowerSignature(program, 'main', { block: size }).graph, feeds)
      return y ?? []
    }),
  )
  return (
    expected!.length > 0 && expected!.every((value, i) => Math.abs(value - (actual![i] ?? Number.NaN)) < 1e-3)
  )
}

type FloatFeeds = Readonly<Record<string, { readonly data: Float32Array; readonly shape: readonly number[] }>>

async function runOnce(runtime: Runtime, graph: OnnxGraph, feeds: FloatFeeds): Promise<number[][]> {
  const { model } = toModel(graph)
  const options = { executionProviders: ['cpu'], intraOpNumThreads: 1, logSeverityLevel: 4 } as const
  const session = await runtime.InferenceSession.create(encodeModel(model), options)
  const tensors = Object.entries(feeds).map(([name, { data, shape }]) => [
    name,
    new runtime.Tensor('float32', data, shape),
  ])
  const fetches = Object.fromEntries(graph.outputs.map(({ name }) => [name, null]))
  const results = await session.run(Object.fromEntries(tensors), fetches)
  await session.release()
  return graph.outputs.map(({ name }) => Array.from(results[name]!.data as ArrayLike<number>))
}
