import { blockedMaxPoolGradient } from './blocked-max-pool-gradient.js'
import { comparedMaxPoolGradient } from './compared-max-pool-gradient.js'
import type { Lowering } from './lowering.js'
import { poolAttributes } from './pool-padding.js'

export const maxPoolGradient: Lowering<'maxPool2dGradient'> = (context, node) => {
  if (context.layoutOf(node.inputs[0]) === 'blocked') return blockedMaxPoolGradient(context, node)
  // WebGPU's MaxPool gives no indices.
  if (context.target === 'webgpu') return comparedMaxPoolGradient(context, node)
  scatteredMaxPoolGradient(context, node)
}

/** Adds each gradient to where its window's maximum was, one plane (an image's channel) a row. */
const scatteredMaxPoolGradient: Lowering<'maxPool2dGradient'> = (context, node) => {
  const {
    inputs: [x, y, dy],
    outputs: [dx],
    attributes,
  } = node
  const { graph } = context
  const [n, h, w, c] = x.shape as [number, number, number, number]
  const planes = n * c
  const operand = context.get(x, 'channels-first')
  const pool = poolAttributes(attributes, x.shape, y.shape)
  const indices = graph.addMany('MaxPool', [operand], pool, 2)[1] as string
  // Indices count through the whole tensor.
  const beginnings = graph.constant({
    dtype: 'int64',
    shape: [planes, 1],
    data: BigInt64Array.from({ length: planes }, (_, plane) => BigInt(plane * h * w)),
  })
  const windows = [planes, y.shape[1]! * y.shape[2]!]
  const positions = graph.add('Sub', [graph.reshape(indices, windows), beginnings])
  const zeros = graph.add('Expand', [graph.number(0), graph.integers([planes, h * w])])
  const slopes = graph.reshape(context.get(dy, 'channels-first'), windows)
  const scattered = graph.add('ScatterElements', [zeros, positions, slopes], { axis: 1, reduction: 'add' })
  context.set(dx, 'channels-first', graph.reshape(scattered, [n, c, h, w]))
}
