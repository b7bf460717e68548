import {
  augmentedInput,
  type Batch,
  createRegistry,
  createVariant,
  type Dataset,
  defineArchitecture,
  type Engine,
  type Model,
  mixBatch,
  normal,
  ones,
  random,
  zeros,
} from '@convkit/core'
import { referenceEngine } from '@convkit/core/testing'
import { add, batchNormInfer, batchNormTrain, dense, flatten, multiply, relu } from '@convkit/graph'

export interface TinyConfig {
  readonly batchNorm: boolean
  readonly dropout: number
  readonly auxiliary: boolean
}

/** A network that the reference evaluator runs in a millisecond: hidden → batch-norm → dropout → head. */
const tiny = defineArchitecture({
  name: 'tiny',
  variants: { tiny: { batchNorm: false, dropout: 0, auxiliary: false } },
  preprocessing: { inputSize: [2, 2], channels: 1, mean: [0.5], std: [0.25] },
  classifier: 'head',
  build(net, image, { batchNorm, dropout, auxiliary }: TinyConfig) {
    const hidden = net.scope('hidden')
    let x = dense(
      flatten(image),
      hidden.parameter('weight', [5, 4], normal(0.5)),
      hidden.parameter('bias', [5], zeros),
    )
    if (batchNorm) {
      const norm = net.scope('norm')
      const [weight, bias] = [norm.parameter('weight', [5], ones), norm.parameter('bias', [5], zeros)]
      const mean = norm.statistic('running_mean', [5], zeros)
      const variance = norm.statistic('running_var', [5], ones)
      if (net.mode === 'infer' || norm.frozen) x = batchNormInfer(x, weight, bias, mean, variance)
      else {
        const outputs = batchNormTrain(x, weight, bias)
        norm.update(mean, add(multiply(mean, 0.9), multiply(outputs.mean, 0.1)))
        norm.update(variance, add(multiply(variance, 0.9), multiply(outputs.variance, 0.1)))
        x = outputs.y
      }
    }
    x = relu(x)
    if (auxiliary && net.mode === 'train') {
      const weight = net.scope('auxiliary').parameter('weight', [net.classes, 5], normal(0.5))
      net.auxiliary(dense(x, weight), 0.3)
    }
    if (dropout > 0 && net.mode === 'train') x = multiply(x, net.mask('dropout', x.shape, dropout))
    const head = net.scope('head')
    return dense(
      x,
      head.parameter('weight', [net.classes, 5], normal(0.5)),
      head.parameter('bias', [net.classes], zeros),
    )
  },
})

export const classes = ['cat', 'dog', 'fox'] as const

export function tinyModel(
  config: Partial<TinyConfig> = {},
  engine: Engine = referenceEngine(),
): Promise<Model> {
  const registry = createRegistry({ name: 'test', architectures: [tiny] })
  return createVariant(registry.model('tiny'), { config, classes, engine, registry, seed: 7 })
}

/** Images of random pixels around a level that depends on the class, so that there is something to learn. */
export function tinyDataset(
  length: number,
  options: {
    seed?: number
    classes?: readonly string[]
    unreadable?: readonly number[]
    severalLabels?: boolean
  } = {},
): Dataset {
  const { seed = 1, unreadable = [], severalLabels = false } = options
  const labels = Int32Array.from({ length }, (_, index) => index % classes.length)
  // The brightest images show everything.
  const targets = severalLabels
    ? Uint8Array.from({ length: 3 * length }, (_, i) =>
        Number((labels[Math.floor(i / 3)] as number) >= i % 3),
      )
    : undefined
  const pixelsOf = (index: number) => {
    const stream = random(seed, 'pixels', index)
    return Uint8Array.from({ length: 4 }, (_, i) => 60 * (labels[index] as number) + stream.uniform(i) * 100)
  }
  return {
    length,
    classes: options.classes ?? classes,
    labels,
    ...(targets && { targets }),
    path: (index) => `image ${index}`,
    item: async (index) => ({
      pixels: { height: 2, width: 2, channels: 1, data: pixelsOf(index) },
      label: labels[index] as number,
    }),
    unreadable: unreadable.map((index) => ({ path: `image ${index}`, reason: 'is truncated' })),
    async *batches({ batchSize, preprocessing, shuffle, augment, dropLast = false, skip = 0 }) {
      const all = shuffle
        ? random(shuffle.seed, 'shuffle', shuffle.epoch).permutation(length)
        : Uint32Array.from({ length }, (_, index) => index)
      const order = all.filter((index) => !unreadable.includes(index))
      for (let from = skip * batchSize; from < order.length; from += batchSize) {
        const rows = order.slice(from, from + batchSize)
        if (dropLast && rows.length < batchSize) return
        const batch: Batch = {
          images: new Uint8Array(batchSize * 4),
          size: batchSize,
          height: 2,
          width: 2,
          channels: 1,
          labels: new Int32Array(batchSize).fill(-1),
          indices: new Int32Array(batchSize).fill(-1),
          count: rows.length,
          ...(targets && { targets: new Float32Array(3 * batchSize) }),
        }
        for (const [row, index] of rows.entries()) {
          const image = { height: 2, width: 2, channels: 1 as const, data: pixelsOf(index) }
          const { data } = await augmentedInput(image, preprocessing, augment, index)
          batch.images.set(data, row * 4)
          batch.labels[row] = labels[index] as number
          batch.indices[row] = index
          if (targets) batch.targets?.set(targets.subarray(3 * index, 3 * index + 3), 3 * row)
        }
        yield augment ? mixBatch(batch, augment, from / batchSize) : batch
      }
    },
  }
}
