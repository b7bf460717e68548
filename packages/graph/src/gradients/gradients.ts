import { ConvkitError } from '../error.js'
import type { OpName } from '../ops/attributes.js'
import { add } from '../ops/elementwise.js'
import { constant } from '../ops/sources.js'
import type { AnyNode, Node, SymbolicTensor } from '../tensor.js'
import { formatShape, sizeOf } from '../tensor.js'
import { topologicalOrder } from '../traverse.js'
import type { GradientRule } from './rule.js'
import { gradientRules } from './rules.js'

/**
 * Reverse-mode differentiation: the gradient of a scalar loss to each of `variables`, as new nodes of the same
 * graph. Nothing is built for what `variables` do not reach, so a frozen parameter costs nothing.
 *
 * @returns one tensor a variable, of its shape; zeros where the loss does not depend on it.
 * @throws E_SHAPE when the loss is not a scalar; E_NOT_DIFFERENTIABLE when a path is through an op without a gradient.
 */
export function gradients(loss: SymbolicTensor, variables: readonly SymbolicTensor[]): SymbolicTensor[] {
  if (loss.shape.length > 0) {
    throw new ConvkitError(
      'E_SHAPE',
      `gradients: the loss must be a scalar, but has shape ${formatShape(loss.shape)}; reduce it with mean or sum`,
    )
  }
  const order = topologicalOrder([loss])
  const reached = dependents(order, variables)
  const flowing = new Map<SymbolicTensor, SymbolicTensor>([[loss, constant(1)]])

  for (const node of order.toReversed()) {
    if (!node.outputs.some((output) => flowing.has(output)) || !node.inputs.some((x) => reached.has(x)))
      continue
    const rule = gradientRules[node.op] as GradientRule<typeof node.op> | undefined
    if (!rule) {
      throw new ConvkitError(
        'E_NOT_DIFFERENTIABLE',
        `gradients: ${node.op} at ${node.scope || 'the root'} has no gradient; wrap its input in stopGradient`,
      )
    }
    const dy = node.outputs[0] && flowing.get(node.outputs[0])
    if (!dy) continue
    rule(node as Node<typeof node.op>, dy).forEach((gradient, position) => {
      const input = node.inputs[position]
      if (!gradient || !input || !reached.has(input)) return
      const sum = flowing.get(input)
      flowing.set(input, sum ? add(sum, gradient) : gradient)
    })
  }
  return variables.map((variable) => flowing.get(variable) ?? zerosLike(variable))
}

/** Ops whose gradient is zero wherever they have one. */
const flat: ReadonlySet<OpName> = new Set<OpName>(['stopGradient', 'sign'])

/** The tensors through which a gradient can reach one of `variables`, these included. */
function dependents(order: readonly AnyNode[], variables: readonly SymbolicTensor[]): Set<SymbolicTensor> {
  const reached = new Set(variables)
  for (const { op, inputs, outputs } of order) {
    if (flat.has(op) || !inputs.some((input) => reached.has(input))) continue
    for (const output of outputs) if (output.dtype === 'float32') reached.add(output)
  }
  return reached
}

function zerosLike({ shape }: SymbolicTensor): SymbolicTensor {
  return constant({ dtype: 'float32', shape, data: new Float32Array(sizeOf(shape)) })
}
