import type { Padding2d, Pool2dAttributes, Shape } from '@convkit/graph'

/** ONNX's order of pads: the beginnings of all axes, then their ends. */
export function onnxPads([top, bottom, left, right]: Padding2d): number[] {
  return [top, left, bottom, right]
}

/** Padding under which windows in floor mode are those of the pool: `ceilMode` is padding at the end. */
export function explicitPadding(
  { size, strides, padding }: Pool2dAttributes,
  input: Shape,
  output: Shape,
): Padding2d {
  const [top, bottom, left, right] = padding
  const needed = (axis: 0 | 1, before: number) =>
    (output[axis + 1]! - 1) * strides[axis] + size[axis] - before - input[axis + 1]!
  return [top, Math.max(bottom, needed(0, top)), left, Math.max(right, needed(1, left))]
}

/** Attributes of ONNX's pools. */
export function poolAttributes(attributes: Pool2dAttributes, input: Shape, output: Shape) {
  const pads = onnxPads(explicitPadding(attributes, input, output))
  return { kernel_shape: attributes.size, strides: attributes.strides, pads }
}
