import { float, type OnnxNode } from '../onnx/node.js'
import type { Pattern } from './fuse.js'

/**
 * `v · m + product` with a constant m is one product that adds to v: momentum, and the gradient of a dense layer that it
 * takes in, without a tensor for either.
 */
export const gemmSum: Pattern = (node, { onlyFor, haveSameShape, constantOf }) => {
  if (node.op !== 'Add') return undefined
  const [a, b] = node.inputs.map(onlyFor)
  const gemm = [a, b].find((maker) => maker?.op === 'Gemm' && maker.inputs.length === 2)
  const scaled = [a, b].find((maker) => maker?.op === 'Mul')
  if (!gemm || !scaled || !haveSameShape(gemm.outputs[0] as string, scaled.outputs[0] as string))
    return undefined
  const [v, beta] = scaledBy(scaled, constantOf) ?? []
  if (v === undefined || beta === undefined || !haveSameShape(v, gemm.outputs[0] as string)) return undefined
  return {
    node: {
      ...gemm,
      inputs: [...gemm.inputs, v],
      outputs: node.outputs,
      attributes: { ...gemm.attributes, beta: float(beta) },
    },
    absorbed: [gemm, scaled],
  }
}

/** What a product multiplies by a constant, and the constant. */
function scaledBy(
  { inputs }: OnnxNode,
  constantOf: (value: string) => number | undefined,
): [string, number] | undefined {
  const [a = '', b = ''] = inputs
  const [first, second] = [constantOf(a), constantOf(b)]
  if (second !== undefined) return [a, second]
  return first === undefined ? undefined : [b, first]
}
