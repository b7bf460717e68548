import type { TensorFlowNode } from '@convkit/engine-tensorflow'
import { tensorOf } from '../tensorflow/dynamic-batch.js'

/**
 * Makes a mean over several axes one mean after the other. TensorFlow.js adds up in float32 from first to last, and loses
 * digits over the twelve thousand pixels of an early stage that it keeps over a hundred rows of a hundred.
 */
export function splitMeans(nodes: readonly TensorFlowNode[]): TensorFlowNode[] {
  const constants = new Map(nodes.flatMap((node) => (node.op === 'Const' ? [[node.name, node]] : [])))
  return nodes.flatMap((node) => {
    const [x = '', axes = ''] = node.inputs
    const constant = constants.get(axes)
    if (node.op !== 'Mean' || !constant) return node
    // from last to first, so that those that are left keep their places
    const order = Array.from(tensorOf(constant).data).sort((a, b) => b - a)
    const nameOf = (i: number) => (i === order.length - 1 ? node.name : `${node.name}/axis_${order[i]}`)
    return order.flatMap((axis, i) => {
      const along = axisNode(`${nameOf(i)}/along`, axis)
      return [along, { ...node, name: nameOf(i), inputs: [i === 0 ? x : nameOf(i - 1), along.name] }]
    })
  })
}

function axisNode(name: string, axis: number): TensorFlowNode {
  const tensor = { dtype: 'int32', shape: [1], data: Int32Array.of(axis) } as const
  return { name, op: 'Const', inputs: [], attributes: { dtype: { type: 'int32' }, value: { tensor } } }
}
