import { type ConvolutionOp, isDenseConvolution } from '@convkit/graph'
import { blockedFilterLayout } from '../layout.js'
import { addBlockedConvolution } from './blocked-convolution.js'
import { convolutionFilterGradient } from './convolution-filter-gradient.js'
import { convolutionInputGradient } from './convolution-input-gradient.js'
import { denseConvolution } from './dense-convolution.js'
import type { LoweringsFor } from './lowering.js'
import { onnxPads } from './pool-padding.js'

export const convolutionLowerings: LoweringsFor<ConvolutionOp> = {
  matmul: (context, { inputs: [a, b], outputs: [y], attributes: { transposeA, transposeB } }) =>
    context.set(
      y,
      'logical',
      context.graph.add('Gemm', [context.get(a, 'logical'), context.get(b, 'logical')], {
        transA: Number(transposeA),
        transB: Number(transposeB),
      }),
    ),
  conv2d: (context, node) => {
    const {
      inputs: [x, filter],
      outputs: [y],
      attributes,
    } = node
    if (isDenseConvolution(x.shape, filter.shape, attributes)) return denseConvolution(context, node)
    const { graph, block } = context
    const { strides, dilations, groups, padding } = attributes
    const [, , kh, kw] = filter.shape as [number, number, number, number]
    const layout = blockedFilterLayout(filter.shape, groups, block)
    if (layout) {
      // Few channels, such as those of pixels, are read without blocks.
      const image = context.get(x, x.shape[3]! < block ? 'channels-first' : 'blocked')
      const convolution = { kernel: [kh, kw], strides, dilations, padding, groups } as const
      return context.set(
        y,
        'blocked',
        addBlockedConvolution(graph, [image, context.get(filter, layout)], convolution),
      )
    }
    const operands = [context.get(x, 'channels-first'), context.get(filter, 'logical')]
    const convolution = { kernel_shape: [kh, kw], strides, dilations, group: groups, pads: onnxPads(padding) }
    context.set(y, 'channels-first', graph.add('Conv', operands, convolution))
  },
  conv2dInputGradient: convolutionInputGradient,
  conv2dFilterGradient: convolutionFilterGradient,
}
