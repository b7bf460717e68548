import type { Pattern } from './fuse.js'
import { isBlockedConvolution } from './is-blocked-convolution.js'

/**
 * `convolution(x) + y` is one blocked convolution that adds y as it writes: a residual connection after a convolution
 * or a batch normalisation, and gradients that meet.
 */
export const convolutionSum: Pattern = (node, { onlyFor, haveSameShape, position }) => {
  const [a, b] = node.inputs
  if (node.op !== 'Add' || a === undefined || b === undefined || a === b || !haveSameShape(a, b))
    return undefined
  const [convolution] = [a, b]
    .map(onlyFor)
    .filter((maker) => maker !== undefined)
    .filter(
      (maker) =>
        isBlockedConvolution(maker) && maker.inputs.length < 4 && !('activation' in maker.attributes),
    )
    .sort((first, second) => position(second) - position(first))
  if (!convolution) return undefined
  const other = convolution.outputs[0] === a ? b : a
  const [x = '', filter = '', bias = ''] = convolution.inputs
  return {
    node: { ...convolution, inputs: [x, filter, bias, other], outputs: node.outputs },
    absorbed: [convolution],
  }
}
