import type { OpName } from '../ops/attributes.js'
import type { Node, SymbolicTensor } from '../tensor.js'

/** What a rule gives for each input of its node; a missing one is zero. */
export type InputGradients = readonly (SymbolicTensor | undefined)[]

/**
 * Builds the gradients to a node's inputs. `dy` is the gradient to the first output: further outputs, such as
 * batch statistics, carry none.
 */
export type GradientRule<K extends OpName> = (node: Node<K>, dy: SymbolicTensor) => InputGradients

export type GradientRules = { readonly [K in OpName]: GradientRule<K> | undefined }

export type RulesFor<K extends OpName> = Pick<GradientRules, K>

/** The node's only, or first, output. */
export function outputOf(node: Node): SymbolicTensor {
  return node.outputs[0] as SymbolicTensor
}

/** The node's inputs, of which a rule knows how many there are. */
export function inputsOf<N extends SymbolicTensor[]>(node: Node): N {
  return node.inputs as N
}

export type One = [SymbolicTensor]
export type Two = [SymbolicTensor, SymbolicTensor]
export type Three = [SymbolicTensor, SymbolicTensor, SymbolicTensor]
