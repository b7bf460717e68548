import type { NormalizationOp } from '@convkit/graph'
import { float } from '../saved-model/node.js'
import { batchNormLowerings } from './batch-norm.js'
import { asImage, fromImage } from './image.js'
import type { Lowering, LoweringsFor } from './lowering.js'

const overChannels =
  (op: 'Softmax' | 'LogSoftmax'): Lowering<'softmax' | 'logSoftmax'> =>
  (context, { inputs: [x], outputs: [y] }) =>
    context.set(y, context.graph.add(op, [context.get(x)]))

export const normalizationLowerings: LoweringsFor<NormalizationOp> = {
  ...batchNormLowerings,

  layerNorm: (context, { inputs: [x, scale, offset], outputs: [y], attributes: { epsilon } }) => {
    const { graph } = context
    const mean = (value: string) =>
      graph.add('Mean', [value, graph.integers([x.shape.length - 1])], { keep_dims: true })
    const value = context.get(x)
    const centred = graph.add('Sub', [value, mean(value)])
    const variance = graph.add('AddV2', [mean(graph.add('Square', [centred])), graph.number(epsilon)])
    const normalized = graph.add('Mul', [centred, graph.add('Rsqrt', [variance])])
    const scaled = graph.add('Mul', [normalized, context.get(scale)])
    context.set(y, graph.add('AddV2', [scaled, context.get(offset)]))
  },

  localResponseNorm: (context, { inputs: [x], outputs: [y], attributes: { size, alpha, beta, bias } }) => {
    const { graph } = context
    const attributes = {
      depth_radius: (size - 1) / 2,
      bias: float(bias),
      alpha: float(alpha / size),
      beta: float(beta),
    }
    context.set(y, fromImage(context, graph.add('LRN', [asImage(context, x)], attributes), y))
  },

  softmax: overChannels('Softmax'),
  logSoftmax: overChannels('LogSoftmax'),
}
