import { type AnyNode, sizeOf } from '@convkit/graph'
import { float } from '../saved-model/node.js'
import type { Context } from './context.js'
import { asImage, fromImage } from './image.js'
import type { LoweringsFor } from './lowering.js'

export const batchNormLowerings: LoweringsFor<
  'batchNormTrain' | 'batchNormTrainGradient' | 'batchNormInfer'
> = {
  batchNormTrain: (context, node) => {
    const {
      inputs: [x, scale, offset],
      outputs: [y, mean, variance],
      attributes: { epsilon },
    } = node
    const { graph } = context
    const operands = [asImage(context, x), context.get(scale), context.get(offset)]
    const unknown = graph.constant({ dtype: 'float32', shape: [0], data: new Float32Array(0) })
    const attributes = { epsilon: float(epsilon), is_training: true, exponential_avg_factor: float(1) }
    const [normalized, batchMean, batchVariance, ...reserved] = graph.addMany(
      'FusedBatchNormV3',
      [...operands, unknown, unknown],
      attributes,
      6,
    ) as [string, string, string, ...string[]]
    context.reserved.set(y.node, reserved)
    context.set(y, fromImage(context, normalized, y))
    context.set(mean, batchMean)
    // TensorFlow's is the unbiased variance.
    const count = sizeOf(x.shape) / sizeOf(scale.shape)
    const isUnbiased = count > 1
    const bias = graph.number((count - 1) / count)
    context.set(variance, isUnbiased ? graph.add('Mul', [batchVariance, bias]) : batchVariance)
  },

  batchNormTrainGradient: (context, node) => {
    const {
      inputs: [dy, x, scale],
      outputs,
      attributes: { epsilon },
    } = node
    const { graph } = context
    const reserved = reservedFor(context, node)
    if (!reserved) return composedGradient(context, node)
    const operands = [asImage(context, dy), asImage(context, x), context.get(scale), ...reserved]
    const attributes = { epsilon: float(epsilon), is_training: true }
    const [dx, dscale, doffset] = graph.addMany('FusedBatchNormGradV3', operands, attributes, 3) as Three
    context.set(outputs[0], fromImage(context, dx, outputs[0]))
    context.set(outputs[1], dscale)
    context.set(outputs[2], doffset)
  },

  // By a scale and a shift: TensorFlow's kernel for given statistics takes several times as long.
  batchNormInfer: (context, { inputs, outputs: [y], attributes: { epsilon } }) => {
    const { graph } = context
    const [x, scale, offset, mean, variance] = inputs.map((tensor) => context.get(tensor)) as Five
    const inverse = graph.add('Rsqrt', [graph.add('AddV2', [variance, graph.number(epsilon)])])
    const factor = graph.add('Mul', [scale, inverse])
    const shift = graph.add('Sub', [offset, graph.add('Mul', [mean, factor])])
    context.set(y, graph.add('AddV2', [graph.add('Mul', [x, factor]), shift]))
  },
}

type Five = [string, string, string, string, string]
type Three = [string, string, string]

type GradientNode = Parameters<(typeof batchNormLowerings)['batchNormTrainGradient']>[1]

/** What the forward kernel keeps, if the gradient is that of a batch-norm in this graph. */
function reservedFor(context: Context, node: GradientNode): readonly string[] | undefined {
  const [, x, scale, mean, variance] = node.inputs
  const forward: AnyNode = mean.node
  const isForward =
    forward.op === 'batchNormTrain' &&
    forward.outputs[1] === mean &&
    forward.outputs[2] === variance &&
    forward.inputs[0] === x &&
    forward.inputs[1] === scale &&
    forward.attributes.epsilon === node.attributes.epsilon
  return isForward ? context.reserved.get(forward) : undefined
}

/** With x̂ = (x − mean)/σ: dx = scale/σ · (dy − mean(dy) − x̂ · mean(dy · x̂)). */
function composedGradient(context: Context, { inputs, outputs, attributes }: GradientNode): void {
  const { graph } = context
  const [dy, x, scale, mean, variance] = inputs.map((tensor) => context.get(tensor)) as [
    string,
    string,
    string,
    string,
    string,
  ]
  const axes = graph.integers(inputs[1].shape.slice(0, -1).map((_, axis) => axis))
  const multiply = (a: string, b: string) => graph.add('Mul', [a, b])
  const total = (value: string) => graph.add('Sum', [value, axes], { keep_dims: false })
  const inverse = graph.add('Rsqrt', [graph.add('AddV2', [variance, graph.number(attributes.epsilon)])])
  const normalized = multiply(graph.add('Sub', [x, mean]), inverse)
  const [dscale, doffset] = [total(multiply(dy, normalized)), total(dy)]
  const share = graph.number(sizeOf(inputs[2].shape) / sizeOf(inputs[1].shape))
  const centred = graph.add('Sub', [dy, multiply(doffset, share)])
  const projected = multiply(normalized, multiply(dscale, share))
  context.set(outputs[0], multiply(graph.add('Sub', [centred, projected]), multiply(scale, inverse)))
  context.set(outputs[1], dscale)
  context.set(outputs[2], doffset)
}
