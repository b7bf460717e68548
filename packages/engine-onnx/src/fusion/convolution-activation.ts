import type { Pattern } from './fuse.js'
import { isBlockedConvolution } from './is-blocked-convolution.js'

/** `relu(convolution(x))` is one blocked convolution with an activation. */
export const convolutionActivation: Pattern = (node, { onlyFor }) => {
  const maker = node.op === 'Relu' ? onlyFor(node.inputs[0] as string) : undefined
  if (!maker || !isBlockedConvolution(maker) || 'activation' in maker.attributes) return undefined
  return {
    node: { ...maker, outputs: node.outputs, attributes: { ...maker.attributes, activation: 'Relu' } },
    absorbed: [maker],
  }
}
