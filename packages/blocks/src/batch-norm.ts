import { ConvkitError, type Initializer, ones, type Scope, zeros } from '@convkit/core'
import {
  add,
  batchNormInfer,
  batchNormTrain,
  formatShape,
  multiply,
  type SymbolicTensor,
  sizeOf,
} from '@convkit/graph'

export interface BatchNormOptions {
  /** Added to the variance; 1e-5 by default. */
  readonly epsilon?: number
  /** Share of the new batch in the running statistics, in PyTorch's sense: 0.1 by default. */
  readonly momentum?: number
  /** First values of the scale; ones by default. */
  readonly initializer?: Initializer
}

/**
 * Batch normalisation (Ioffe and Szegedy 2015): `[..., c]` → `[..., c]`, with PyTorch's `weight`, `bias`,
 * `running_mean` and `running_var`, each `[c]`.
 *
 * In training it normalises by the batch and moves the running statistics, the variance as the unbiased one. When it
 * predicts or is frozen it normalises by the running statistics and leaves them alone.
 *
 * @throws E_SHAPE in training when a channel has a single value, whose variance is not defined.
 */
export function batchNorm(net: Scope, x: SymbolicTensor, options: BatchNormOptions = {}): SymbolicTensor {
  const { epsilon = 1e-5, momentum = 0.1, initializer = ones } = options
  const channels = x.shape.at(-1) ?? 0
  const scale = net.parameter('weight', [channels], initializer)
  const offset = net.parameter('bias', [channels], zeros)
  const runningMean = net.statistic('running_mean', [channels], zeros)
  const runningVariance = net.statistic('running_var', [channels], ones)
  if (net.mode === 'infer' || net.frozen) {
    return batchNormInfer(x, scale, offset, runningMean, runningVariance, epsilon)
  }

  const count = sizeOf(x.shape) / channels
  if (count === 1) {
    throw new ConvkitError(
      'E_SHAPE',
      `batchNorm at ${net.path || 'the root'}: the variance of one value a channel is not defined, got ${formatShape(x.shape)} in training; use a larger batch or input`,
    )
  }
  const { y, mean, variance } = batchNormTrain(x, scale, offset, epsilon)
  const moved = (running: SymbolicTensor, value: SymbolicTensor, weight: number) =>
    net.update(running, add(multiply(running, 1 - momentum), multiply(value, weight)))
  moved(runningMean, mean, momentum)
  moved(runningVariance, variance, (momentum * count) / (count - 1))
  return y
}
