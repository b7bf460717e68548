import { add, conv2d, dense, globalAveragePool, multiply, relu } from '@convkit/graph'
import { defineArchitecture } from '../architecture.js'
import { heNormal, torchDefault, zeros } from '../initializers.js'
import { definePlugin } from '../plugin.js'

/** A convolution, dropout and a classifier: the smallest network that has what a real one has. */
export const tinynet = defineArchitecture({
  name: 'tinynet',
  variants: { tinynet_4: { width: 4, dropRate: 0 }, tinynet_dropout: { width: 4, dropRate: 0.5 } },
  preprocessing: { inputSize: [8, 8], cropPct: 1 },
  classifier: 'fc',
  firstConvolution: 'conv1',
  build(net, image, { width, dropRate }: { width: number; dropRate: number }) {
    const conv1 = net.scope('conv1')
    const filter = conv1.parameter('weight', [width, image.shape[3] ?? 0, 3, 3], heNormal())
    const features = net.feature('conv1', relu(conv2d(image, filter, { padding: 1, strides: 2 })))
    const pooled = globalAveragePool(features)
    const kept =
      net.mode === 'train' && dropRate > 0
        ? multiply(pooled, net.mask('dropout', pooled.shape, dropRate))
        : pooled
    if (net.classes === 0) return pooled
    const fc = net.scope('fc')
    const weight = fc.parameter('weight', [net.classes, width], torchDefault)
    return add(dense(kept, weight), fc.parameter('bias', [net.classes], zeros))
  },
})

export default definePlugin({ name: 'tinynet', architectures: [tinynet] })
