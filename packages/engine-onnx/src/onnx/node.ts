/** A float attribute, told apart from an integer one: ONNX has both, JavaScript has one kind of number. */
export interface Float {
  readonly float: number
}

/** A list of float attributes. */
export interface Floats {
  readonly floats: readonly number[]
}

export type AttributeValue = number | string | readonly number[] | Float | Floats

export type Attributes = Readonly<Record<string, AttributeValue>>

/** One node of an ONNX graph; values are named by strings, and '' is an omitted input. */
export interface OnnxNode {
  readonly op: string
  /** '' is ONNX's own operator set. */
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Attributes
}

export const float = (value: number): Float => ({ float: value })

export const floats = (...values: number[]): Floats => ({ floats: values })
