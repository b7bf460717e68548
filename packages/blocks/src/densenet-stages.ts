import { heNormal, type Scope } from '@convkit/core'
import { averagePool2d, concat, relu, type SymbolicTensor } from '@convkit/graph'
import { batchNorm } from './batch-norm.js'
import { conv2d } from './conv2d.js'
import type { DenseNetLayerOptions } from './densenet-layer.js'

export interface DenseNetStagesOptions extends DenseNetLayerOptions {
  /** Registered name of the layer, whose output joins its input; it gets {@link DenseNetLayerOptions}. */
  readonly block: string
  /** Layers in each dense block. */
  readonly layers: readonly number[]
}

/**
 * DenseNet's dense blocks `denseblock1`, `denseblock2`, …, between them transitions that halve channels, height and
 * width, and the last batch-norm `norm5` with its ReLU: `[n, h, w, c]` → `[n, h', w', c']`. Records each dense block as a
 * feature, the last one after the batch-norm.
 *
 * @throws E_UNKNOWN_BLOCK when no such block is registered.
 */
export function densenetStages(
  net: Scope,
  x: SymbolicTensor,
  { block, layers, ...options }: DenseNetStagesOptions,
): SymbolicTensor {
  const layer = net.block(block)
  let y = x
  layers.forEach((depth, stage) => {
    if (stage > 0) y = transition(net.scope(`transition${stage}`), y, options)
    const dense = net.scope(`denseblock${stage + 1}`)
    for (let index = 1; index <= depth; index++) {
      y = concat([y, layer(dense.scope(`denselayer${index}`), y, options)])
    }
    if (stage < layers.length - 1) net.feature(dense.path, y)
  })
  const last = net.scope('norm5')
  return net.feature(last.path, relu(batchNorm(last, y, options.norm)))
}

/** `[n, h, w, c]` → `[n, h/2, w/2, c/2]` */
function transition(
  net: Scope,
  x: SymbolicTensor,
  { norm }: Pick<DenseNetStagesOptions, 'norm'>,
): SymbolicTensor {
  const filters = Math.floor((x.shape.at(-1) ?? 0) / 2)
  const active = relu(batchNorm(net.scope('norm'), x, norm))
  const narrow = conv2d(net.scope('conv'), active, {
    filters,
    kernelSize: 1,
    initializer: heNormal('fan-in'),
  })
  return averagePool2d(narrow, { size: 2 })
}
