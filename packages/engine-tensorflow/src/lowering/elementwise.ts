import type { DType, ElementwiseOp, SymbolicTensor } from '@convkit/graph'
import type { GraphBuilder } from '../saved-model/graph-builder.js'
import type { TensorFlowOp } from '../saved-model/ops.js'
import type { Context } from './context.js'
import type { LoweringsFor } from './lowering.js'

/** Adds the nodes of an elementwise op over operands that broadcast against each other. */
type Compute = (graph: GraphBuilder, ...operands: Operands) => string

/** As many as the widest op has, so that a computation destructures what its op's builder guarantees. */
type Operands = [a: string, b: string, c: string]

/** Without attributes, of any op. */
type Elementwise = (
  context: Context,
  node: {
    readonly inputs: readonly SymbolicTensor[]
    readonly outputs: readonly [SymbolicTensor, ...SymbolicTensor[]]
  },
) => void

function lowerElementwise(
  context: Context,
  operands: readonly SymbolicTensor[],
  output: SymbolicTensor,
  compute: Compute,
): void {
  const { names, layout } = context.align(operands, output)
  context.set(output, compute(context.graph, ...(names as Operands)), layout)
}

const elementwise =
  (compute: Compute): Elementwise =>
  (context, { inputs, outputs: [output] }) =>
    lowerElementwise(context, inputs, output, compute)

const named = (op: TensorFlowOp) => elementwise((graph, ...operands) => graph.add(op, operands))

/** Bytes and flags are computed with as int32, for which every op has a kernel. */
const arithmetic =
  (op: TensorFlowOp): Elementwise =>
  (context, { inputs, outputs: [output] }) =>
    lowerElementwise(context, inputs, output, (graph, ...operands) => {
      const isNarrow = ({ dtype }: SymbolicTensor) => dtype === 'uint8' || dtype === 'bool'
      const widened = operands.map((name, i) =>
        isNarrow(inputs[i] as SymbolicTensor) ? graph.cast(name, 'int32') : name,
      )
      return graph.cast(graph.add(op, widened), output.dtype)
    })

const sigmoid = (graph: GraphBuilder, x: string) => graph.add('Sigmoid', [x])

/** relu6(x + 3) / 6 */
const hardSigmoid = (graph: GraphBuilder, x: string) => {
  const shifted = graph.add('Relu6', [graph.add('AddV2', [x, graph.number(3)])])
  return graph.add('Mul', [shifted, graph.number(1 / 6)])
}

/** Powers that have ops of their own, which are many times faster than `Pow`. */
const powers: Readonly<Record<number, TensorFlowOp>> = {
  2: 'Square',
  0.5: 'Sqrt',
  [-0.5]: 'Rsqrt',
  [-1]: 'Reciprocal',
}

function power(exponent: number): Compute {
  const op = powers[exponent]
  return op ? (graph, x) => graph.add(op, [x]) : (graph, x) => graph.add('Pow', [x, graph.number(exponent)])
}

/** Whether one operand is a vector along the other's last axis: TensorFlow fuses that with the product before it. */
const isBias = (bias: SymbolicTensor, x: SymbolicTensor) =>
  x.dtype === 'float32' && x.shape.length > 1 && bias.shape.length === 1 && bias.shape[0] === x.shape.at(-1)

const castTo =
  (dtype: DType): Compute =>
  (graph, x) =>
    graph.cast(x, dtype)

export const elementwiseLowerings: LoweringsFor<ElementwiseOp> = {
  relu: named('Relu'),
  relu6: named('Relu6'),
  sigmoid: named('Sigmoid'),
  tanh: named('Tanh'),
  silu: elementwise((graph, x) => graph.add('Mul', [x, sigmoid(graph, x)])),
  hardSwish: elementwise((graph, x) => graph.add('Mul', [x, hardSigmoid(graph, x)])),
  hardSigmoid: elementwise(hardSigmoid),
  gelu: elementwise((graph, x) => {
    const erf = graph.add('Erf', [graph.add('Mul', [x, graph.number(Math.SQRT1_2)])])
    const doubled = graph.add('Mul', [x, graph.add('AddV2', [erf, graph.number(1)])])
    return graph.add('Mul', [doubled, graph.number(0.5)])
  }),
  exp: named('Exp'),
  log: named('Log'),
  sqrt: named('Sqrt'),
  abs: arithmetic('Abs'),
  sign: arithmetic('Sign'),
  erf: named('Erf'),
  negate: arithmetic('Neg'),
  power: (context, { inputs: [x], outputs: [y], attributes: { exponent } }) =>
    lowerElementwise(context, [x], y, power(exponent)),
  cast: (context, { inputs: [x], outputs: [y], attributes: { dtype } }) =>
    lowerElementwise(context, [x], y, castTo(dtype)),
  stopGradient: (context, { inputs: [x], outputs: [y] }) => context.alias(y, x),
  reluGradient: named('ReluGrad'),
  relu6Gradient: named('Relu6Grad'),

  add: (context, node) => {
    const {
      inputs: [a, b],
      outputs: [y],
    } = node
    if (isBias(b, a)) context.set(y, context.graph.add('BiasAdd', [context.get(a), context.get(b)]))
    else if (isBias(a, b)) context.set(y, context.graph.add('BiasAdd', [context.get(b), context.get(a)]))
    else arithmetic('AddV2')(context, node)
  },
  subtract: arithmetic('Sub'),
  multiply: arithmetic('Mul'),
  divide: arithmetic('RealDiv'),
  maximum: arithmetic('Maximum'),
  minimum: arithmetic('Minimum'),
  greater: arithmetic('Greater'),
  equal: arithmetic('Equal'),
  select: named('SelectV2'),
}
