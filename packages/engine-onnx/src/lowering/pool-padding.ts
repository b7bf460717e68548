import { explicitPadding, type Padding2d, type Pool2dAttributes, type Shape } from '@convkit/graph'

/** ONNX's order of pads: the beginnings of all axes, then their ends. */
export function onnxPads([top, bottom, left, right]: Padding2d): number[] {
  return [top, left, bottom, right]
}

/** Attributes of ONNX's pools. */
export function poolAttributes(attributes: Pool2dAttributes, input: Shape, output: Shape) {
  const pads = onnxPads(explicitPadding(attributes, input, output))
  return { kernel_shape: attributes.size, strides: attributes.strides, pads }
}
