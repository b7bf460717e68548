import type { Shape, TensorData } from '@convkit/graph'
import type { Attributes, ElementType, TensorFlowNode } from './node.js'
import { opTypes, type TensorFlowOp } from './ops.js'

/**
 * Builds a TensorFlow graph value by value. Type attributes that follow from the inputs are filled in, and the same
 * node asked for twice is made once, so lowerings need not share what they compute.
 */
export interface GraphBuilder {
  /** Adds a node and returns the name of its first output. */
  add(op: TensorFlowOp, inputs: readonly string[], attributes?: Attributes): string
  /** {@link add} for a node with several outputs. */
  addMany(op: TensorFlowOp, inputs: readonly string[], attributes: Attributes, outputs: number): string[]
  /** Adds a node that is shared with nothing, for it does something; it runs after the nodes of `after`. */
  addEffect(
    op: TensorFlowOp,
    inputs: readonly string[],
    attributes?: Attributes,
    after?: readonly string[],
  ): string
  constant(value: TensorData): string
  /** A float32 scalar. */
  number(value: number): string
  /** An int32 scalar. */
  integer(value: number): string
  /** An int32 vector: a shape, axes, starts. */
  integers(values: readonly number[]): string
  reshape(x: string, shape: Shape): string
  transpose(x: string, permutation: readonly number[]): string
  concat(parts: readonly string[], axis: number): string
  cast(x: string, type: ElementType): string
  /** The op that makes a value. */
  opOf(value: string): TensorFlowOp
  /** Says in which part of the network the nodes are that are added from now on: `train/layer1.0.conv1`. */
  enter(scope: string): void
  readonly nodes: readonly TensorFlowNode[]
}

interface Made {
  readonly op: TensorFlowOp
  readonly type: ElementType
}

export function graphBuilder(): GraphBuilder {
  const nodes: TensorFlowNode[] = []
  const made = new Map<string, Made>()
  const known = new Map<string, string>()
  const constants = new Map<unknown, string>()
  const shapes = new Map<string, Shape>()
  let prefix = ''

  const makerOf = (value: string) => made.get(value.split(':')[0] as string) as Made

  const typed = (op: TensorFlowOp, inputs: readonly string[], given: Attributes): Attributes => {
    const types = Object.entries(opTypes[op].types).map(([name, position]) => {
      return [name, { type: makerOf(inputs.at(position) as string).type }] as const
    })
    return { ...Object.fromEntries(types), ...given }
  }
  const push = (op: TensorFlowOp, inputs: readonly string[], attributes: Attributes): string => {
    const name = `${prefix}${op}_${nodes.length}`
    nodes.push({ name, op, inputs, attributes })
    made.set(name, { op, type: resultType(op, attributes) })
    return name
  }

  const add: GraphBuilder['add'] = (op, inputs, given = {}) => {
    const attributes = typed(op, inputs, given)
    const key = JSON.stringify([op, inputs, attributes])
    const name = known.get(key) ?? push(op, inputs, attributes)
    known.set(key, name)
    return name
  }
  const constant: GraphBuilder['constant'] = (value) => {
    const key =
      value.data.length > 16 ? value.data : `${value.dtype} ${value.shape} : ${[...value.data].map(exactly)}`
    const existing = constants.get(key)
    if (existing && `${shapes.get(existing)}` === `${value.shape}`) return existing
    const name = push('Const', [], { dtype: { type: value.dtype }, value: { tensor: value } })
    shapes.set(name, value.shape)
    constants.set(key, name)
    return name
  }
  const integer = (value: number) => constant({ dtype: 'int32', shape: [], data: Int32Array.of(value) })
  const integers: GraphBuilder['integers'] = (values) =>
    constant({ dtype: 'int32', shape: [values.length], data: Int32Array.from(values) })

  return {
    nodes,
    add,
    addMany(op, inputs, attributes, outputs) {
      const name = add(op, inputs, attributes)
      return Array.from({ length: outputs }, (_, i) => (i === 0 ? name : `${name}:${i}`))
    },
    addEffect: (op, inputs, attributes = {}, after = []) =>
      push(op, [...inputs, ...after.map((name) => `^${name}`)], typed(op, inputs, attributes)),
    constant,
    number: (value) => constant({ dtype: 'float32', shape: [], data: Float32Array.of(value) }),
    integer,
    integers,
    reshape: (x, shape) => add('Reshape', [x, integers(shape)]),
    transpose: (x, permutation) => add('Transpose', [x, integers(permutation)]),
    concat: (parts, axis) =>
      parts.length === 1
        ? (parts[0] as string)
        : add('ConcatV2', [...parts, integer(axis)], { N: parts.length }),
    cast: (x, type) => (makerOf(x).type === type ? x : add('Cast', [x], { DstT: { type } })),
    opOf: (value) => makerOf(value).op,
    enter(scope) {
      prefix = nodePrefix(scope)
    },
  }
}

/** Names of nodes begin with a letter, a digit or a dot, and have no blanks, commas or colons. */
function nodePrefix(scope: string): string {
  const parts = scope.split('/').filter((part) => part !== '')
  const safe = parts.map((part) => part.replace(/[^A-Za-z0-9_.-]/g, '_')).join('/')
  return /^[A-Za-z0-9.]/.test(safe) ? `${safe}/` : safe && `.${safe}/`
}

/** Tells −0 from 0. */
const exactly = (value: number) => (Object.is(value, -0) ? '-0' : `${value}`)

function resultType(op: TensorFlowOp, attributes: Attributes): ElementType {
  const { types, result } = opTypes[op]
  if (result) return result
  const typeAttributes = Object.entries(attributes).flatMap(([name, value]) =>
    typeof value === 'object' && 'type' in value ? [{ name, type: value.type }] : [],
  )
  const given = typeAttributes.find(({ name }) => !(name in types)) ?? typeAttributes[0]
  return given?.type ?? 'float32'
}
