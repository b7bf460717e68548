import type { TensorFlowNode } from '@convkit/engine-tensorflow'
import { sizeOf, type TensorData } from '@convkit/graph'
import { tensorOf } from './dynamic-batch.js'

/** Makes the reshaped and the transposed form of a constant a constant; what nothing reads any more is gone. */
export function foldConstants(
  nodes: readonly TensorFlowNode[],
  outputs: readonly string[],
): readonly TensorFlowNode[] {
  const constants = new Map<string, TensorData>()
  const folded = nodes.map((node): TensorFlowNode => {
    const value = constantOf(node, constants)
    if (!value) return node
    constants.set(node.name, value)
    if (node.op === 'Const') return node
    return {
      ...node,
      op: 'Const',
      inputs: [],
      attributes: { dtype: { type: value.dtype }, value: { tensor: value } },
    }
  })
  const read = new Set([...outputs, ...folded.flatMap(({ inputs }) => inputs)])
  return folded.filter(({ name, op }) => op !== 'Const' || read.has(name))
}

function constantOf(
  node: TensorFlowNode,
  constants: ReadonlyMap<string, TensorData>,
): TensorData | undefined {
  if (node.op === 'Const') return tensorOf(node)
  const [x, argument] = node.inputs.map((name) => constants.get(name))
  if (!x || argument?.dtype !== 'int32') return undefined
  if (node.op === 'Reshape') return { ...x, shape: resolved(Array.from(argument.data), x.shape) }
  return node.op === 'Transpose' ? transposed(x, Array.from(argument.data)) : undefined
}

function resolved(shape: readonly number[], from: readonly number[]): number[] {
  const known = sizeOf(shape.filter((size) => size !== -1))
  return shape.map((size) => (size === -1 ? sizeOf(from) / known : size))
}

function transposed(x: TensorData, permutation: readonly number[]): TensorData {
  const shape = permutation.map((axis) => x.shape[axis] as number)
  const strides = x.shape.map((_, axis) => sizeOf(x.shape.slice(axis + 1)))
  const data = x.data.slice()
  const index = shape.map(() => 0)
  for (let at = 0; at < data.length; at++) {
    const from = permutation.reduce(
      (sum, axis, i) => sum + (index[i] as number) * (strides[axis] as number),
      0,
    )
    data[at] = x.data[from] as number
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = (index[axis] as number) + 1
      if ((index[axis] as number) < (shape[axis] as number)) break
      index[axis] = 0
    }
  }
  return { ...x, shape, data } as TensorData
}
