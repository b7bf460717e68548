import type { OpAttributes, OpName } from './ops/attributes.js'

export type DType = 'float32' | 'int32' | 'uint8' | 'bool'

/** Sizes of the axes, outermost first. Static: every size is a known non-negative integer. */
export type Shape = readonly number[]

/** A tensor's values on the host, row-major. `bool` is one byte an element. */
export type TensorData =
  | { readonly dtype: 'float32'; readonly shape: Shape; readonly data: Float32Array }
  | { readonly dtype: 'int32'; readonly shape: Shape; readonly data: Int32Array }
  | { readonly dtype: 'uint8' | 'bool'; readonly shape: Shape; readonly data: Uint8Array }

/** One application of an op: where a {@link SymbolicTensor} comes from. */
export interface Node<K extends OpName = OpName> {
  readonly op: K
  readonly inputs: readonly SymbolicTensor[]
  readonly attributes: OpAttributes[K]
  readonly outputs: readonly SymbolicTensor[]
  /** Dotted path of the layer that made this node, such as `layer1.0.conv1`; empty at the root. */
  readonly scope: string
}

/** A {@link Node} of any op; comparing `node.op` narrows its attributes. */
export type AnyNode = { [K in OpName]: Node<K> }[OpName]

/** A value in the graph: one output of a node. Images are `[n, h, w, c]`, filters `[out, in / groups, kh, kw]`. */
export interface SymbolicTensor {
  readonly node: AnyNode
  /** Which output of the node this is. */
  readonly index: number
  readonly shape: Shape
  readonly dtype: DType
}

export interface OutputSpec {
  readonly shape: Shape
  readonly dtype?: DType
}

/** Applies an op whose arguments were already validated. */
export function apply<K extends OpName>(
  op: K,
  inputs: readonly SymbolicTensor[],
  attributes: OpAttributes[K],
  outputs: readonly OutputSpec[],
  scope = scopeOf(inputs),
): readonly SymbolicTensor[] {
  const tensors: SymbolicTensor[] = []
  const made: Node<K> = { op, inputs, attributes, outputs: tensors, scope }
  // Op and attributes belong together by the signature above; the union of all ops cannot be built generically.
  const node = made as Node<OpName> as AnyNode
  for (const [index, { shape, dtype = 'float32' }] of outputs.entries())
    tensors.push({ node, index, shape, dtype })
  return tensors
}

/** {@link apply} for an op with a single output. */
export function applySingle<K extends OpName>(
  op: K,
  inputs: readonly SymbolicTensor[],
  attributes: OpAttributes[K],
  shape: Shape,
  dtype: DType = 'float32',
): SymbolicTensor {
  return apply(op, inputs, attributes, [{ shape, dtype }])[0] as SymbolicTensor
}

/**
 * The scope a node over these inputs belongs to: that of its last parameter (a convolution to the convolution's own
 * path), or else that of its first input.
 */
export function scopeOf(inputs: readonly SymbolicTensor[]): string {
  const owner = inputs.findLast(({ node }) => node.op === 'state') ?? inputs[0]
  return owner?.node.scope ?? ''
}

/** Number of elements. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1)
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis])
}

/** `[8,56,56,64]`, as shapes are written in messages. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(',')}]`
}
