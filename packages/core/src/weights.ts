import { ConvkitError, formatShape, sameShape } from '@convkit/graph'
import { nearest } from './nearest.js'
import type { TensorMap } from './tensors.js'
import type { Trace } from './trace.js'

/**
 * The tensors of a network out of `given`, in the network's order.
 *
 * @throws E_WEIGHTS when one is missing or unknown, or a shape differs, naming the first and counting the rest.
 */
export function checkWeights(model: string, { state }: Pick<Trace, 'state'>, given: TensorMap): TensorMap {
  const problems: string[] = []
  const checked: TensorMap = new Map()
  for (const [name, { tensor }] of state) {
    const value = given.get(name)
    if (!value) problems.push(`${name} ${formatShape(tensor.shape)} is missing`)
    else if (!sameShape(value.shape, tensor.shape)) {
      problems.push(`${name} is ${formatShape(value.shape)}, but the model has ${formatShape(tensor.shape)}`)
    } else checked.set(name, value)
  }
  for (const name of given.keys()) {
    if (!state.has(name))
      problems.push(`${name} is not in the model (nearest: ${nearest(name, state.keys(), 1)[0]})`)
  }
  const [first, ...others] = problems
  if (first) {
    const rest = others.length > 0 ? ` (and ${others.length} more differences)` : ''
    throw new ConvkitError(
      'E_WEIGHTS',
      `These weights do not fit ${model}: ${first}${rest}; check the model's name and its classes`,
    )
  }
  return checked
}
