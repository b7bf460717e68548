import { ConvkitError } from '../error.js'
import type { Pair } from '../ops/attributes.js'
import { type AnyNode, type SymbolicTensor, sameShape } from '../tensor.js'
import { topologicalOrder } from '../traverse.js'

/** What part of an image one position of a feature map sees, in pixels, `[height, width]`. */
export interface ReceptiveField {
  /** Side of the window of pixels that the value depends on, borders ignored. */
  readonly size: Pair
  /** Distance between the windows of neighbouring positions; 0 where one position sees the whole map. */
  readonly stride: Pair
}

/**
 * Theoretical receptive field of a tensor's positions on an image `[n, h, w, c]` (Araujo et al. 2019, Computing
 * receptive fields of convolutional neural networks). Where branches meet, the largest counts.
 *
 * @throws E_NOT_CONNECTED when the tensor does not depend on the image.
 */
export function receptiveField(image: SymbolicTensor, tensor: SymbolicTensor): ReceptiveField {
  const field = receptiveFields(image, [tensor]).get(tensor)
  if (!field) {
    const [from, to] = [image, tensor].map(({ node }) => node.scope || node.op)
    throw new ConvkitError(
      'E_NOT_CONNECTED',
      `receptiveField: ${to} does not depend on ${from}; pass the model's own image`,
    )
  }
  return field
}

/** The receptive field on the image of every tensor between it and `tensors`. */
export function receptiveFields(
  image: SymbolicTensor,
  tensors: Iterable<SymbolicTensor>,
): Map<SymbolicTensor, ReceptiveField> {
  const fields = new Map<SymbolicTensor, ReceptiveField>([[image, point]])
  for (const node of topologicalOrder(tensors)) {
    const seen = node.inputs.flatMap((input) => fields.get(input) ?? [])
    if (seen.length === 0) continue
    const input = seen.reduce(larger)
    const window = windowOf(node)
    const field = {
      size: both((axis) => input.size[axis] + (window.size[axis] - 1) * input.stride[axis]),
      stride: both((axis) => input.stride[axis] * window.stride[axis]),
    }
    for (const output of node.outputs) fields.set(output, field)
  }
  return fields
}

const point: ReceptiveField = { size: [1, 1], stride: [1, 1] }

/** What one application of an op sees of its input, in positions of that input. */
function windowOf(node: AnyNode): ReceptiveField {
  const shape = node.inputs[0]?.shape ?? []
  if (shape.length !== 4) return point
  const extent: Pair = [shape[1] ?? 1, shape[2] ?? 1]
  const whole: ReceptiveField = { size: extent, stride: [0, 0] }
  switch (node.op) {
    case 'conv2d': {
      const { strides, dilations } = node.attributes
      const [, , kh = 1, kw = 1] = node.inputs[1]?.shape ?? []
      return { size: [dilations[0] * (kh - 1) + 1, dilations[1] * (kw - 1) + 1], stride: strides }
    }
    case 'maxPool2d':
    case 'averagePool2d':
      return { size: node.attributes.size, stride: node.attributes.strides }
    case 'slice': {
      const [, sh = 1, sw = 1] = node.attributes.strides
      return { size: [1, 1], stride: [sh, sw] }
    }
    case 'resizeBilinear': {
      const { size } = node.attributes
      // An output lies between two neighbours of the input.
      return {
        size: both((axis) => (size[axis] === extent[axis] ? 1 : Math.min(2, extent[axis]))),
        stride: both((axis) => extent[axis] / size[axis]),
      }
    }
    case 'sum':
    case 'mean': {
      const { axes } = node.attributes
      return {
        size: both((axis) => (axes.includes(axis + 1) ? extent[axis] : 1)),
        stride: both((axis) => (axes.includes(axis + 1) ? 0 : 1)),
      }
    }
    case 'reshape': {
      const to = node.attributes.shape
      // Positions stay apart when only they, or only the channels, are regrouped.
      return to.at(-1) === shape[3] || sameShape(to.slice(0, 3), shape.slice(0, 3)) ? point : whole
    }
    case 'transpose': {
      const { permutation } = node.attributes
      return permutation[1] === 1 && permutation[2] === 2 ? point : whole
    }
    default:
      return point
  }
}

function larger(a: ReceptiveField, b: ReceptiveField): ReceptiveField {
  return {
    size: both((axis) => Math.max(a.size[axis], b.size[axis])),
    stride: both((axis) => Math.max(a.stride[axis], b.stride[axis])),
  }
}

function both(value: (axis: 0 | 1) => number): Pair {
  return [value(0), value(1)]
}
