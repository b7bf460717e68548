import type { DType, ElementwiseOp, SymbolicTensor } from '@convkit/graph'
import type { GraphBuilder } from '../onnx/graph-builder.js'
import { float } from '../onnx/node.js'
import type { Context } from './context.js'
import type { LoweringsFor } from './lowering.js'
import { scaledStep } from './scaled-step.js'

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

/** ONNX's names of the element types that a cast can ask for. */
const castTargets: Record<DType, number> = { float32: 1, uint8: 2, int32: 6, bool: 9 }

function lowerElementwise(
  context: Context,
  operands: readonly SymbolicTensor[],
  output: SymbolicTensor,
  compute: Compute,
): void {
  const { names, layout, declared } = context.align(operands, output)
  context.set(output, layout, declared(compute(context.graph, ...(names as Operands))))
}

const elementwise =
  (compute: Compute): Elementwise =>
  (context, { inputs, outputs: [output] }) =>
    lowerElementwise(context, inputs, output, compute)

const named = (op: string) => elementwise((graph, ...operands) => graph.add(op, operands))

/** ONNX's arithmetic has no uint8 and bool kernels: such operands are computed with as int32. */
const arithmetic =
  (op: string): Elementwise =>
  (context, { inputs, outputs: [output] }) =>
    lowerElementwise(context, inputs, output, (graph, ...operands) => {
      const isNarrow = ({ dtype }: SymbolicTensor) => dtype === 'uint8' || dtype === 'bool'
      const widened = operands.map((name, i) =>
        isNarrow(inputs[i] as SymbolicTensor) ? cast(graph, name, 'int32') : name,
      )
      const result = graph.add(op, widened)
      const isComparison = op === 'Greater' || op === 'Equal'
      return isNarrow(output) && !isComparison ? cast(graph, result, output.dtype) : result
    })

const cast = (graph: GraphBuilder, x: string, dtype: DType) =>
  graph.add('Cast', [x], { to: castTargets[dtype] })

/** 1 where x is positive, else 0: the slope is so steep that every normal positive number reaches 1. */
const positive = (graph: GraphBuilder, x: string) =>
  graph.add('HardSigmoid', [x], { alpha: float(3e38), beta: float(0) })

/** Powers that are products and roots, which are many times faster than `Pow`. */
const powers: Readonly<Record<number, Compute>> = {
  2: (graph, x) => graph.add('Mul', [x, x]),
  0.5: (graph, x) => graph.add('Sqrt', [x]),
  [-1]: (graph, x) => graph.add('Reciprocal', [x]),
}

export const elementwiseLowerings: LoweringsFor<ElementwiseOp> = {
  relu: named('Relu'),
  relu6: elementwise((graph, x) => graph.add('Clip', [x, graph.number(0), graph.number(6)])),
  sigmoid: named('Sigmoid'),
  tanh: named('Tanh'),
  silu: elementwise((graph, x) => graph.add('Mul', [x, graph.add('Sigmoid', [x])])),
  hardSwish: named('HardSwish'),
  hardSigmoid: elementwise((graph, x) =>
    graph.add('HardSigmoid', [x], { alpha: float(1 / 6), beta: float(0.5) }),
  ),
  gelu: elementwise((graph, x) => {
    const erf = graph.add('Erf', [graph.add('Mul', [x, graph.number(Math.SQRT1_2)])])
    const doubled = graph.add('Mul', [x, graph.add('Add', [erf, graph.number(1)])])
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
    lowerElementwise(
      context,
      [x],
      y,
      powers[exponent] ?? ((graph, name) => graph.add('Pow', [name, graph.number(exponent)])),
    ),
  cast: (context, { inputs: [x], outputs: [y], attributes: { dtype } }) =>
    lowerElementwise(context, [x], y, (graph, name) => cast(graph, name, dtype)),
  stopGradient: (context, { inputs: [x], outputs: [y] }) => context.alias(y, x),
  reluGradient: elementwise((graph, dy, y) => graph.add('Mul', [dy, positive(graph, y)])),
  relu6Gradient: elementwise((graph, dy, y) => {
    const below6 = positive(graph, graph.add('Sub', [graph.number(6), y]))
    return graph.add('Mul', [graph.add('Mul', [dy, positive(graph, y)]), below6])
  }),

  add: arithmetic('Add'),
  subtract: (context, node) => {
    if (!scaledStep(context, node)) arithmetic('Sub')(context, node)
  },
  multiply: arithmetic('Mul'),
  divide: arithmetic('Div'),
  maximum: arithmetic('Max'),
  minimum: arithmetic('Min'),
  greater: arithmetic('Greater'),
  equal: arithmetic('Equal'),
  select: (context, { inputs: [condition, a, b], outputs: [y] }) =>
    lowerElementwise(context, [condition, a, b], y, (graph, ...names) => {
      const [where, ...choices] = names
      const isBool = y.dtype === 'bool'
      const values = isBool ? choices.map((name) => cast(graph, name, 'uint8')) : choices
      const chosen = graph.add('Where', [where, ...values])
      return isBool ? cast(graph, chosen, 'bool') : chosen
    }),
}
