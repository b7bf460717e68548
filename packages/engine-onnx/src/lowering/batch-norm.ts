import type { GraphBuilder } from '../onnx/graph-builder.js'
import { float } from '../onnx/node.js'
import { type Channels, channelsOf } from './channels.js'
import type { LoweringsFor } from './lowering.js'

export const batchNormLowerings: LoweringsFor<
  'batchNormTrain' | 'batchNormTrainGradient' | 'batchNormInfer'
> = {
  batchNormTrain: (
    context,
    { inputs: [x, scale, offset], outputs: [y, mean, variance], attributes: { epsilon } },
  ) => {
    const { graph } = context
    const channels = channelsOf(context, x)
    const values = channels.get(x)
    const batchMean = channels.mean(values)
    const centred = centre(graph, channels, values, batchMean)
    const squares = channels.dot(centred, centred)
    const batchVariance = graph.add('Mul', [squares, graph.number(1 / channels.count)])
    context.set(mean, 'logical', batchMean)
    context.set(variance, 'logical', batchVariance)
    const factor = graph.add('Mul', [
      context.get(scale, 'logical'),
      inverseDeviation(graph, batchVariance, epsilon),
    ])
    channels.set(y, channels.scaleShift(centred, factor, context.get(offset, 'logical')))
  },

  // With x̂ = (x − mean)/σ: dx = scale/σ · (dy − mean(dy) − x̂ · mean(dy · x̂)), arranged in passes by channel.
  batchNormTrainGradient: (context, node) => {
    const {
      inputs: [dy, x, scale, mean, variance],
      outputs: [dx, dscale, doffset],
      attributes: { epsilon },
    } = node
    const { graph } = context
    const multiply = (a: string, b: string) => graph.add('Mul', [a, b])
    const channels = channelsOf(context, x)
    const slopes = channels.get(dy)
    const centred = centre(graph, channels, channels.get(x), context.get(mean, 'logical'))
    const inverse = inverseDeviation(graph, context.get(variance, 'logical'), epsilon)
    const factor = multiply(context.get(scale, 'logical'), inverse)
    const slopeMean = channels.mean(slopes)
    const projection = multiply(channels.dot(slopes, centred), inverse)
    context.set(dscale, 'logical', projection)
    context.set(doffset, 'logical', multiply(slopeMean, graph.number(channels.count)))

    const along = multiply(multiply(factor, inverse), multiply(projection, graph.number(-1 / channels.count)))
    const shift = graph.add('Neg', [multiply(factor, slopeMean)])
    const corrected = channels.scaleShift(centred, along, shift)
    const zeros = graph.number(0, scale.shape)
    channels.set(dx, graph.add('Add', [channels.scaleShift(slopes, factor, zeros), corrected]))
  },

  batchNormInfer: (
    context,
    { inputs: [x, scale, offset, mean, variance], outputs: [y], attributes: { epsilon } },
  ) => {
    const { graph } = context
    const channels = channelsOf(context, x)
    const [scales, offsets, means, variances] = [scale, offset, mean, variance].map((tensor) =>
      context.get(tensor, 'logical'),
    ) as [string, string, string, string]
    if (context.layoutOf(x) !== 'blocked') {
      const operands = [channels.get(x), scales, offsets, means, variances]
      return channels.set(y, graph.add('BatchNormalization', operands, { epsilon: float(epsilon) }))
    }
    const factor = graph.add('Mul', [scales, inverseDeviation(graph, variances, epsilon)])
    const shift = graph.add('Sub', [offsets, graph.add('Mul', [means, factor])])
    channels.set(y, channels.scaleShift(channels.get(x), factor, shift))
  },
}

/** The forward pass and its gradient ask for the same node, which is made once. */
function centre(graph: GraphBuilder, channels: Channels, x: string, mean: string): string {
  return channels.scaleShift(x, graph.number(1, [channels.channels]), graph.add('Neg', [mean]))
}

function inverseDeviation(graph: GraphBuilder, variance: string, epsilon: number): string {
  return graph.add('Reciprocal', [graph.add('Sqrt', [graph.add('Add', [variance, graph.number(epsilon)])])])
}
