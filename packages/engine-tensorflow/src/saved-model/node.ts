import type { DType, Shape, TensorData } from '@convkit/graph'

/** Element types inside a graph: those of tensors, and the narrow one that factors of products are cast to. */
export type ElementType = DType | 'bfloat16' | 'resource'

/** A float attribute, told apart from an integer one: TensorFlow has both, JavaScript has one kind of number. */
export interface Float {
  readonly float: number
}

export type AttributeValue =
  | boolean
  | number
  | string
  | readonly number[]
  | Float
  | { readonly type: ElementType }
  | { readonly shape: Shape }
  | { readonly tensor: TensorData }

export type Attributes = Readonly<Record<string, AttributeValue>>

/**
 * One node of a TensorFlow graph. Inputs are named `node`, `node:1` for a further output, and `^node` for a node that
 * must have run before.
 */
export interface TensorFlowNode {
  readonly name: string
  readonly op: string
  readonly inputs: readonly string[]
  readonly attributes: Attributes
}

export const float = (value: number): Float => ({ float: value })
