import { ConvkitError } from '../error.js'
import type { Program } from '../program.js'
import { evaluate, type Values } from './evaluate.js'

export interface SignatureResult {
  /** What an engine returns, by name. */
  readonly outputs: Readonly<Record<string, Float64Array>>
  /** The new values of the state that the signature writes, by name. */
  readonly updates: Readonly<Record<string, Float64Array>>
}

/**
 * Runs one signature of a program once, as an engine session does: updates are computed from the old state.
 *
 * @param feeds values of the signature's inputs, by the name that the signature gives them.
 * @param state values by name; what is missing has the program's initial value.
 * @throws E_SIGNATURE when the program has no such signature; E_FEED when an input has no value.
 */
export function runSignature(
  program: Program,
  signature: string,
  feeds: NonNullable<Values['inputs']> = {},
  state: NonNullable<Values['state']> = {},
): SignatureResult {
  const found = program.signatures[signature]
  if (!found) {
    const known = Object.keys(program.signatures).join(', ')
    throw new ConvkitError(
      'E_SIGNATURE',
      `runSignature: the program has no signature ${signature}; it has ${known}`,
    )
  }
  const initial = Object.entries(program.state).map(([name, spec]) => [name, spec.initial().data])
  const tensors = [...Object.values(found.outputs), ...Object.values(found.updates)]
  const results = evaluate(tensors, { inputs: feeds, state: { ...Object.fromEntries(initial), ...state } })
  const name = (names: string[], from: number) =>
    Object.fromEntries(names.map((key, i) => [key, results[from + i] as Float64Array]))
  const outputs = Object.keys(found.outputs)
  return { outputs: name(outputs, 0), updates: name(Object.keys(found.updates), outputs.length) }
}
