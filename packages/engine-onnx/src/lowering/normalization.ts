import type { NormalizationOp } from '@convkit/graph'
import { float } from '../onnx/node.js'
import { batchNormLowerings } from './batch-norm.js'
import { channelsFirst } from './channels.js'
import type { Lowering, LoweringsFor } from './lowering.js'

const overChannels =
  (op: 'Softmax' | 'LogSoftmax'): Lowering<'softmax' | 'logSoftmax'> =>
  (context, { inputs: [x], outputs: [y] }) =>
    context.set(y, 'logical', context.graph.add(op, [context.get(x, 'logical')], { axis: -1 }))

/** `x − max x − log Σ exp(x − max x)`, for WebGPU, which lacks the op. */
const composedLogSoftmax: Lowering<'logSoftmax'> = ({ graph, get, set }, { inputs: [x], outputs: [y] }) => {
  const values = get(x, 'logical')
  const lastAxis = graph.integers([-1])
  const centred = graph.add('Sub', [values, graph.add('ReduceMax', [values, lastAxis])])
  const total = graph.add('ReduceSum', [graph.add('Exp', [centred]), lastAxis])
  set(y, 'logical', graph.add('Sub', [centred, graph.add('Log', [total])]))
}

export const normalizationLowerings: LoweringsFor<NormalizationOp> = {
  ...batchNormLowerings,
  layerNorm: (context, { inputs: [x, scale, offset], outputs: [y], attributes: { epsilon } }) => {
    const operands = [x, scale, offset].map((tensor) => context.get(tensor, 'logical'))
    const normalized = context.graph.add('LayerNormalization', operands, {
      axis: -1,
      epsilon: float(epsilon),
    })
    context.set(y, 'logical', normalized)
  },
  localResponseNorm: (context, { inputs: [x], outputs: [y], attributes: { size, alpha, beta, bias } }) => {
    const attributes = { size, alpha: float(alpha), beta: float(beta), bias: float(bias) }
    const channels = channelsFirst(context, x)
    channels.set(y, context.graph.add('LRN', [channels.get(x)], attributes))
  },
  softmax: overChannels('Softmax'),
  logSoftmax: (context, node) =>
    (context.target === 'webgpu' ? composedLogSoftmax : overChannels('LogSoftmax'))(context, node),
}
