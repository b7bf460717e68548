import type { OpName } from '../ops/attributes.js'
import { type SymbolicTensor, sizeOf } from '../tensor.js'
import { topologicalOrder } from '../traverse.js'
import type { Inputs, Kernel, NdArray, Outputs, Values } from './kernel.js'
import { kernels } from './kernels.js'

export type { Values } from './kernel.js'

/**
 * Computes tensors in float64 by plain loops: slow, and right by inspection. Engines are tested against it.
 * Each node is computed once, however many users it has.
 *
 * @param values what the graph's inputs and state hold, row-major, by name; those it does not reach may be missing.
 * @returns the values of each tensor, row-major; bool as 0 and 1.
 * @throws E_FEED when a value is missing or does not fill its shape.
 */
export function evaluate(tensors: readonly SymbolicTensor[], values: Values = {}): Float64Array[] {
  const computed = new Map<SymbolicTensor, NdArray>()
  const lookUp = (tensor: SymbolicTensor) => computed.get(tensor) as NdArray
  for (const node of topologicalOrder(tensors)) {
    const outputs = node.outputs.map(({ shape }) => ({ shape, data: new Float64Array(sizeOf(shape)) }))
    const kernel = kernels[node.op] as Kernel<OpName>
    kernel(node.inputs.map(lookUp) as Inputs, outputs as Outputs, node.attributes, values)
    for (const tensor of node.outputs) computed.set(tensor, outputs[tensor.index] as NdArray)
  }
  return tensors.map((tensor) => lookUp(tensor).data)
}
