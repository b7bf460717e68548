import {
  add,
  input,
  multiply,
  rewrite,
  type Signature,
  type SymbolicTensor,
  state,
  subtract,
} from '@convkit/graph'

/** State that holds averages, by the name of what is averaged. */
export type AverageNames = ReadonlyMap<string, string>

/** Names for the averages of tensors: `average.<name>`. */
export function averageNames(tensors: Iterable<string>): AverageNames {
  return new Map(Array.from(tensors, (name) => [name, `average.${name}`]))
}

/** The input that says how far averages move; {@link averageFeedName} is fed a scalar. */
export const averageFeedName = 'average.rate'

/** A step after which averages move towards what it has made of the weights. */
export function averagingStep(
  { inputs, outputs, updates }: Signature,
  averages: AverageNames,
  shapes: Readonly<Record<string, { readonly shape: readonly number[] }>>,
): Signature {
  const rate = input(averageFeedName, [])
  const moved = [...averages].map(([name, average]): [string, SymbolicTensor] => {
    const { shape } = shapes[name] as { readonly shape: readonly number[] }
    const weights = updates[name] ?? state(name, shape)
    // a rate of 1 gives the weights to the last bit
    return [average, add(multiply(state(average, shape), subtract(1, rate)), multiply(weights, rate))]
  })
  return {
    inputs: { ...inputs, [averageFeedName]: rate },
    outputs,
    updates: { ...updates, ...Object.fromEntries(moved) },
  }
}

/** A signature that reads averages in place of the weights. */
export function onAverages({ inputs, outputs, updates }: Signature, averages: AverageNames): Signature {
  const names = Object.keys(outputs)
  const replaced = rewrite(Object.values(outputs), ({ op, attributes, outputs: [tensor] }) => {
    const average = op === 'state' ? averages.get(attributes.name) : undefined
    return average && tensor ? [state(average, tensor.shape)] : undefined
  })
  return {
    inputs,
    outputs: Object.fromEntries(names.map((name, i) => [name, replaced[i] as SymbolicTensor])),
    updates,
  }
}
