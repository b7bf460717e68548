import type { ConvolutionOp } from '../ops/attributes.js'
import { conv2d, conv2dFilterGradient, conv2dInputGradient, matmul } from '../ops/convolution.js'
import { inputsOf, type RulesFor, type Two } from './rule.js'

// Convolution is linear in each argument, so the rules close over its own three ops.
export const convolutionRules: RulesFor<ConvolutionOp> = {
  conv2d: (node, dy) => {
    const [x, filter] = inputsOf<Two>(node)
    return [
      conv2dInputGradient(dy, filter, x.shape, node.attributes),
      conv2dFilterGradient(x, dy, filter.shape, node.attributes),
    ]
  },
  conv2dInputGradient: (node, dx) => {
    const [dy, filter] = inputsOf<Two>(node)
    return [conv2d(dx, filter, node.attributes), conv2dFilterGradient(dx, dy, filter.shape, node.attributes)]
  },
  conv2dFilterGradient: (node, dfilter) => {
    const [x, dy] = inputsOf<Two>(node)
    return [conv2dInputGradient(dy, dfilter, x.shape, node.attributes), conv2d(x, dfilter, node.attributes)]
  },
  matmul: (node, dy) => {
    const [a, b] = inputsOf<Two>(node)
    const { transposeA, transposeB } = node.attributes
    return [
      transposeA
        ? matmul(b, dy, { transposeA: transposeB, transposeB: true })
        : matmul(dy, b, { transposeB: !transposeB }),
      transposeB
        ? matmul(dy, a, { transposeA: true, transposeB: transposeA })
        : matmul(a, dy, { transposeA: !transposeA }),
    ]
  },
}
