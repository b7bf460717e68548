import { graphBuilder } from './onnx/graph-builder.js'
import { encodeModel, toModel } from './onnx/model.js'
import { executionProvider, type NativeSession, type Runtime } from './runtime.js'
import { reasonOf, unavailable } from './supported.js'

let first: Promise<NativeSession> | undefined

/**
 * Computes something on the GPU, once for all engines. The session that did so stays: with the last one the library
 * lets go of the GPU and of every kernel that it has compiled, which the next session would have to compile again.
 *
 * @throws E_ENGINE_UNAVAILABLE with the reason when that does not work, as without a driver.
 */
export async function expectGpu(runtime: Runtime): Promise<void> {
  first ??= compute(runtime)
  try {
    await first
  } catch (cause) {
    first = undefined
    throw unavailable(
      `no GPU can be used through WebGPU (${reasonOf(cause)}): install or update the driver of the GPU, or compute on the device cpu`,
      cause,
    )
  }
}

async function compute({ InferenceSession, Tensor }: Runtime): Promise<NativeSession> {
  const graph = graphBuilder()
  const x = graph.input('x', 'float32', [2])
  const value = graph.add('Add', [x, x])
  const { model } = toModel(graph.finish([{ name: 'y', value, dtype: 'float32', shape: [2] }]))
  const session = await InferenceSession.create(encodeModel(model), {
    executionProviders: [executionProvider('webgpu')],
    logSeverityLevel: 4,
  })
  const { y } = await session.run({ x: new Tensor('float32', Float32Array.of(1, 2), [2]) }, { y: null })
  if (`${y?.data}` !== '2,4') throw new Error(`2 × [1, 2] is computed as [${y?.data}]`)
  return session
}
