import { type DType, type Shape, sameShape, sizeOf, type TensorData } from '@convkit/graph'
import type { Attributes, OnnxNode } from './node.js'

/** Values of any type that ONNX graphs hold: those of tensors, int64 for shapes and axes, int8 for quantized weights. */
export type OnnxData =
  | TensorData
  | { readonly dtype: 'int8'; readonly shape: Shape; readonly data: Int8Array }
  | { readonly dtype: 'int64'; readonly shape: Shape; readonly data: BigInt64Array }

export interface OnnxValue {
  readonly name: string
  readonly dtype: DType
  readonly shape: Shape
}

/** What a finished builder holds: nodes in the order of execution. */
export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[]
  readonly inputs: readonly OnnxValue[]
  readonly initializers: ReadonlyMap<string, OnnxData>
  readonly outputs: readonly OnnxValue[]
  /** Shapes of values, where they are known. */
  readonly shapes: ReadonlyMap<string, Shape>
}

/**
 * Builds an ONNX graph value by value. The same node asked for twice is made once, so lowerings need not share
 * what they compute; and a reshape of a reshape is one.
 */
export interface GraphBuilder {
  /** Adds a node and returns its output's name. `domain:Op` is an op outside of ONNX's own set. */
  add(op: string, inputs: readonly string[], attributes?: Attributes): string
  /** {@link add} for a node with several outputs. */
  addMany(op: string, inputs: readonly string[], attributes: Attributes, outputs: number): string[]
  input(name: string, dtype: DType, shape: Shape): string
  /** A named constant, such as a weight. */
  initializer(name: string, value: OnnxData): string
  constant(value: OnnxData): string
  /** A float32 constant, a scalar unless a shape is given. */
  number(value: number, shape?: Shape): string
  /** An int64 vector: a shape, axes, starts. */
  integers(values: readonly number[]): string
  reshape(x: string, shape: Shape): string
  /** Reorders axes; where only axes of size 1 move, the memory stays as it is. */
  transpose(x: string, shape: Shape, permutation: readonly number[]): string
  /** Says the shape that a value is declared with, for what rewrites the graph later. */
  declare(name: string, shape: Shape): void
  shapeOf(name: string): Shape | undefined
  /** The value of which another is only a reshaped form; itself, if it is none. */
  sourceOf(name: string): string
  /** Makes values the graph's outputs, under names of their own. */
  finish(outputs: readonly (OnnxValue & { readonly value: string })[]): OnnxGraph
}

export function graphBuilder(): GraphBuilder {
  const nodes: OnnxNode[] = []
  const inputs: OnnxValue[] = []
  const initializers = new Map<string, OnnxData>()
  const names = new Set<string>()
  const known = new Map<string, string[]>()
  const shapes = new Map<string, Shape>()
  /** What a reshaped value was before, and its shape now. */
  const reshaped = new Map<string, string>()
  const constants = new Map<unknown, string>()

  const unique = (name: string) => {
    let candidate = name
    for (let i = 1; names.has(candidate); i++) candidate = `${name}_${i}`
    names.add(candidate)
    return candidate
  }

  const addMany: GraphBuilder['addMany'] = (op, operands, attributes, count) => {
    const key = JSON.stringify([op, operands, attributes, count])
    const existing = known.get(key)
    if (existing) return existing
    const [name = '', domain = ''] = op.split(':').reverse()
    const outputs = Array.from({ length: count }, () => unique(`${name}_${nodes.length}`))
    nodes.push({ op: name, domain, inputs: operands, outputs, attributes })
    known.set(key, outputs)
    return outputs
  }
  const add: GraphBuilder['add'] = (op, operands, attributes = {}) =>
    addMany(op, operands, attributes, 1)[0] as string

  const constant: GraphBuilder['constant'] = (value) => {
    const key = value.data.length > 16 ? value.data : `${value.dtype} ${value.shape} : ${value.data}`
    const existing = constants.get(key)
    if (existing && sameShape(initializers.get(existing)?.shape ?? [], value.shape)) return existing
    const name = unique(`constant_${initializers.size}`)
    initializers.set(name, value)
    constants.set(key, name)
    return name
  }
  const integers: GraphBuilder['integers'] = (values) =>
    constant({ dtype: 'int64', shape: [values.length], data: BigInt64Array.from(values, BigInt) })

  const builder: GraphBuilder = {
    add,
    addMany,
    constant,
    integers,
    input(name, dtype, shape) {
      const value = { name: unique(name), dtype, shape }
      inputs.push(value)
      shapes.set(value.name, shape)
      return value.name
    },
    initializer(name, value) {
      const owned = unique(name)
      initializers.set(owned, value)
      shapes.set(owned, value.shape)
      return owned
    },
    number: (value, shape = []) =>
      constant({ dtype: 'float32', shape, data: new Float32Array(sizeOf(shape)).fill(value) }),
    reshape(x, shape) {
      if (sameShape(shapes.get(x) ?? [-1], shape)) return x
      const source = reshaped.get(x) ?? x
      if (sameShape(shapes.get(source) ?? [-1], shape)) return source
      const y = add('Reshape', [source, integers(shape)])
      reshaped.set(y, source)
      shapes.set(y, shape)
      return y
    },
    transpose(x, shape, permutation) {
      const target = permutation.map((axis) => shape[axis] as number)
      const moved = permutation.filter((axis) => shape[axis] !== 1)
      if (moved.every((axis, i) => i === 0 || axis > (moved[i - 1] as number)))
        return builder.reshape(x, target)
      const y = add('Transpose', [x], { perm: permutation })
      shapes.set(y, target)
      return y
    },
    declare: (name, shape) => void shapes.set(name, shape),
    shapeOf: (name) => shapes.get(name),
    sourceOf: (name) => reshaped.get(name) ?? name,
    finish: (outputs) => finish({ nodes, inputs, initializers, shapes }, outputs, unique),
  }
  return builder
}

type Unfinished = Omit<OnnxGraph, 'outputs'>

/** Drops what no output needs, and gives outputs their names. */
function finish(
  { nodes, inputs, initializers, shapes }: Unfinished,
  outputs: readonly (OnnxValue & { readonly value: string })[],
  unique: (name: string) => string,
): OnnxGraph {
  const made = new Set(nodes.flatMap((node) => node.outputs))
  const renamed = new Map<string, string>()
  const copies: OnnxNode[] = []
  const named = outputs.map(({ value, name, ...type }) => {
    const output = unique(name)
    // An input, a constant, or what is an output already, cannot be renamed: it is copied.
    if (made.has(value) && !renamed.has(value)) renamed.set(value, output)
    else copies.push({ op: 'Identity', domain: '', inputs: [value], outputs: [output], attributes: {} })
    return { name: output, ...type }
  })
  const rename = (name: string) => renamed.get(name) ?? name
  const all = [...nodes, ...copies].map((node) => ({
    ...node,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
  }))
  const needed = new Set(named.map(({ name }) => name))
  const live = all.toReversed().filter((node) => {
    if (!node.outputs.some((name) => needed.has(name))) return false
    for (const name of node.inputs) needed.add(name)
    return true
  })
  return {
    nodes: live.reverse(),
    inputs,
    initializers: new Map([...initializers].filter(([name]) => needed.has(name))),
    outputs: named,
    shapes: new Map([...shapes].map(([name, shape]) => [rename(name), shape])),
  }
}
