import * as g from '@convkit/graph'
import { random } from '../../random.js'
import { floatTensor } from '../../tensors.js'

const momentum = 0.9

interface Parameter {
  readonly name: string
  readonly tensor: g.SymbolicTensor
}

export interface SmallNetwork {
  /** Channels of the first stage; the second has twice as many. */
  readonly width?: number
  readonly batchSize?: number
  readonly size?: number
}

/**
 * Training of a small residual network as one program: uint8 pixels, batch normalisation with running statistics,
 * a strided residual block, pooling, dropout, cross-entropy, gradients, SGD with momentum. Signatures `train` and
 * `evaluate`.
 */
export function smallNetwork({ width = 4, batchSize = 3, size = 12 }: SmallNetwork = {}): g.Program {
  const parameters: Parameter[] = []
  const specs: Record<string, g.StateSpec> = {}
  const updates: Record<string, g.SymbolicTensor> = {}

  const value = (name: string, shape: g.Shape, at: (i: number) => number) => {
    const data = Float32Array.from({ length: g.sizeOf(shape) }, (_, i) => at(i))
    specs[name] = { shape, initial: () => floatTensor(shape, data) }
    return g.state(name, shape)
  }
  const parameter = (name: string, shape: g.Shape, mean = 0) => {
    const stream = random(1, name)
    const reach = 1 / Math.sqrt(g.sizeOf(shape.slice(1)))
    const tensor = value(name, shape, (i) => mean + reach * (2 * stream.uniform(i) - 1))
    parameters.push({ name, tensor })
    return tensor
  }
  const convolution = (name: string, x: g.SymbolicTensor, filters: number, kernel: number, strides = 1) =>
    g.conv2d(x, parameter(`${name}.weight`, [filters, x.shape[3]!, kernel, kernel]), {
      strides,
      padding: (kernel - 1) / 2,
    })
  const batchNorm = (name: string, x: g.SymbolicTensor, training: boolean) => {
    const channels = [x.shape[3]!]
    const [scale, offset] = [parameter(`${name}.weight`, channels, 1), parameter(`${name}.bias`, channels)]
    const runningMean = value(`${name}.running_mean`, channels, () => 0)
    const runningVariance = value(`${name}.running_var`, channels, () => 1)
    if (!training) return g.batchNormInfer(x, scale, offset, runningMean, runningVariance)
    const { y, mean, variance } = g.batchNormTrain(x, scale, offset)
    const count = g.sizeOf(x.shape) / channels[0]!
    const mixed = (old: g.SymbolicTensor, next: g.SymbolicTensor) =>
      g.add(g.multiply(old, 0.9), g.multiply(next, 0.1))
    updates[`${name}.running_mean`] = mixed(runningMean, mean)
    updates[`${name}.running_var`] = mixed(runningVariance, g.multiply(variance, count / (count - 1)))
    return y
  }

  const image = g.input('image', [batchSize, size, size, 3], 'uint8')
  const labels = g.input('labels', [batchSize], 'int32')
  const dropout = g.input('dropout', [batchSize, 2 * width], 'float32', {
    distribution: 'bernoulli',
    keep: 0.5,
  })
  const forward = (training: boolean) => {
    const pixels = g.divide(
      g.subtract(g.cast(image, 'float32'), g.vector([120, 115, 100])),
      g.vector([58, 57, 57]),
    )
    const stem = g.relu(batchNorm('bn1', convolution('conv1', pixels, width, 3, 1), training))
    const pooled = g.maxPool2d(stem, { size: 3, strides: 2, padding: 1 })
    const first = g.relu(
      batchNorm('block.bn1', convolution('block.conv1', pooled, 2 * width, 3, 2), training),
    )
    const second = batchNorm('block.bn2', convolution('block.conv2', first, 2 * width, 3), training)
    const shortcut = batchNorm('block.down.1', convolution('block.down.0', pooled, 2 * width, 1, 2), training)
    const features = g.globalAveragePool(g.relu(g.add(second, shortcut)))
    const kept = training ? g.multiply(features, dropout) : features
    return g.dense(kept, parameter('fc.weight', [5, 2 * width]), parameter('fc.bias', [5]))
  }
  const crossEntropy = (logits: g.SymbolicTensor) =>
    g.negate(g.mean(g.sum(g.multiply(g.logSoftmax(logits), g.oneHot(labels, 5)), { axes: [1] })))

  const logits = forward(true)
  const loss = crossEntropy(logits)
  const learningRate = g.input('learningRate', [])
  const trained = [...parameters]
  const slopes = g.gradients(
    loss,
    trained.map(({ tensor }) => tensor),
  )
  trained.forEach(({ name, tensor }, i) => {
    const velocity = value(`momentum.${name}`, tensor.shape, () => 0)
    const next = g.add(g.multiply(velocity, momentum), slopes[i]!)
    updates[`momentum.${name}`] = next
    updates[name] = g.subtract(tensor, g.multiply(next, learningRate))
  })
  const evaluated = forward(false)
  return {
    state: specs,
    signatures: {
      train: { inputs: { image, labels, dropout, learningRate }, outputs: { loss, logits }, updates },
      evaluate: {
        inputs: { image, labels },
        outputs: { loss: crossEntropy(evaluated), logits: evaluated },
        updates: {},
      },
    },
  }
}

/** Values for the inputs of a signature of {@link smallNetwork}, another batch for each step. */
export function smallNetworkFeeds({ inputs }: g.Signature, step: number): Record<string, g.TensorData> {
  const stream = random(step, 'batch')
  const draw = (shape: g.Shape, to: (value: number) => number) =>
    Array.from({ length: g.sizeOf(shape) }, (_, i) => to(stream.uniform(i)))
  const values: Record<string, (shape: g.Shape) => g.TensorData> = {
    image: (shape) => ({ dtype: 'uint8', shape, data: Uint8Array.from(draw(shape, (value) => 256 * value)) }),
    labels: (shape) => ({ dtype: 'int32', shape, data: Int32Array.from(draw(shape, (value) => 5 * value)) }),
    dropout: (shape) => floatTensor(shape, Float32Array.from(draw(shape, (value) => (value < 0.5 ? 2 : 0)))),
    learningRate: (shape) => floatTensor(shape, Float32Array.of(0.05)),
  }
  return Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, values[name]!(shape)]))
}
