import type { ShapeOp } from '../ops/attributes.js'
import { sum } from '../ops/reduction.js'
import {
  reshape,
  resizeBilinear,
  resizeBilinearGradient,
  slice,
  sliceGradient,
  transpose,
} from '../ops/shape.js'
import { inputsOf, type One, type RulesFor } from './rule.js'

export const shapeRules: RulesFor<ShapeOp> = {
  reshape: (node, dy) => [reshape(dy, inputsOf<One>(node)[0].shape)],
  transpose: (node, dy) => {
    const { permutation } = node.attributes
    return [
      transpose(
        dy,
        permutation.map((_, axis) => permutation.indexOf(axis)),
      ),
    ]
  },
  broadcastTo: (node, dy) => {
    const { shape } = inputsOf<One>(node)[0]
    const leading = dy.shape.length - shape.length
    const axes = dy.shape.flatMap((size, axis) =>
      axis < leading || shape[axis - leading] !== size ? [axis] : [],
    )
    return [reshape(sum(dy, { axes }), shape)]
  },
  concat: (node, dy) => {
    const { axis } = node.attributes
    let start = 0
    return node.inputs.map(({ shape }) => {
      const part = slice(
        dy,
        shape.map((_, i) => (i === axis ? start : 0)),
        shape,
      )
      start += shape[axis] ?? 0
      return part
    })
  },
  slice: (node, dy) => [
    sliceGradient(dy, inputsOf<One>(node)[0].shape, node.attributes.starts, node.attributes.strides),
  ],
  sliceGradient: (node, dx) => {
    const { starts, strides } = node.attributes
    return [slice(dx, starts, inputsOf<One>(node)[0].shape, strides)]
  },
  pad: (node, dy) => [slice(dy, node.attributes.before, inputsOf<One>(node)[0].shape)],
  resizeBilinear: (node, dy) => {
    const [, h = 0, w = 0] = inputsOf<One>(node)[0].shape
    return [resizeBilinearGradient(dy, [h, w], node.attributes.coordinates)]
  },
  resizeBilinearGradient: (node, dx) => {
    const [, h = 0, w = 0] = inputsOf<One>(node)[0].shape
    return [resizeBilinear(dx, [h, w], node.attributes.coordinates)]
  },
  oneHot: undefined,
}
