import {
  createRegistry,
  createVariant,
  defineArchitecture,
  type Engine,
  type Model,
  normal,
  ones,
  type Scope,
  zeros,
} from '@convkit/core'
import { referenceEngine } from '@convkit/core/testing'
import { arrayDataset, type ImageDataset } from '@convkit/data'
import {
  add,
  batchNormInfer,
  batchNormTrain,
  conv2d,
  dense,
  globalAveragePool,
  multiply,
  relu,
  type SymbolicTensor,
} from '@convkit/graph'

/** Convolution, batch-norm, ReLU: `[n, h, w, c]` → `[n, h, w, filters]`. */
function layer(net: Scope, x: SymbolicTensor, filters: number): SymbolicTensor {
  const conv = net.scope('conv')
  const y = conv2d(x, conv.parameter('weight', [filters, x.shape[3] ?? 1, 1, 1], normal(0.7)))
  const norm = net.scope('bn')
  const [scale, offset] = [
    norm.parameter('weight', [filters], ones),
    norm.parameter('bias', [filters], zeros),
  ]
  const mean = norm.statistic('running_mean', [filters], zeros)
  const variance = norm.statistic('running_var', [filters], ones)
  if (net.mode === 'infer' || norm.frozen) return relu(batchNormInfer(y, scale, offset, mean, variance))
  const outputs = batchNormTrain(y, scale, offset)
  norm.update(mean, add(multiply(mean, 0.9), multiply(outputs.mean, 0.1)))
  norm.update(variance, add(multiply(variance, 0.9), multiply(outputs.variance, 0.1)))
  return relu(outputs.y)
}

/** Three stages and a classifier, small enough for the reference evaluator. */
const staged = defineArchitecture({
  name: 'staged',
  variants: { staged: {} },
  preprocessing: { inputSize: [4, 4], mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25], cropPct: 1 },
  classifier: 'fc',
  build(net, image) {
    let x = image
    for (const [at, filters] of [4, 6, 8].entries()) {
      const name = `layer${at + 1}`
      x = net.feature(name, layer(net.scope(name), x, filters))
    }
    const pooled = globalAveragePool(x)
    if (net.classes === 0) return pooled
    const fc = net.scope('fc')
    return dense(
      pooled,
      fc.parameter('weight', [net.classes, 8], normal(0.3)),
      fc.parameter('bias', [net.classes], zeros),
    )
  },
})

export const classes = ['red', 'green', 'blue'] as const

export function stagedModel(engine: Engine = referenceEngine()): Promise<Model> {
  const registry = createRegistry({ name: 'test', architectures: [staged] })
  return createVariant(registry.model('staged'), { classes, engine, registry, seed: 3 })
}

/** Images with more of the colour that they are called by. */
export function colours(count: number, seed = 1): ImageDataset {
  const images = Array.from({ length: count }, (_, index) => ({
    height: 4,
    width: 4,
    channels: 3 as const,
    data: Uint8Array.from({ length: 48 }, (_, at) => {
      const noise = ((at + 7) * (index + 3) * 31 * seed + index * index * 13) % 120
      return noise + (at % 3 === index % 3 ? 110 : 20)
    }),
  }))
  return arrayDataset({ images, labels: images.map((_, index) => index % 3), classes })
}
