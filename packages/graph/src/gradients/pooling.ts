import type { PoolingOp } from '../ops/attributes.js'
import { averagePool2d, averagePool2dGradient, maxPool2dGradient } from '../ops/pooling.js'
import { inputsOf, type One, outputOf, type RulesFor } from './rule.js'

export const poolingRules: RulesFor<PoolingOp> = {
  maxPool2d: (node, dy) => {
    const [x] = inputsOf<One>(node)
    return [maxPool2dGradient(x, outputOf(node), dy, node.attributes)]
  },
  maxPool2dGradient: undefined,
  averagePool2d: (node, dy) => [averagePool2dGradient(dy, inputsOf<One>(node)[0].shape, node.attributes)],
  averagePool2dGradient: (node, dx) => [averagePool2d(dx, node.attributes)],
}
