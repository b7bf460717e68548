import { heNormal, type Scope } from '@convkit/core'
import { relu, type SymbolicTensor } from '@convkit/graph'
import { type BatchNormOptions, batchNorm } from './batch-norm.js'
import { conv2d } from './conv2d.js'
import { dropout } from './dropout.js'

/** What a densely connected network asks of its layer, whoever wrote it: plain data. */
export interface DenseNetLayerOptions {
  /** Channels that the layer adds to its input's. */
  readonly growthRate: number
  /** Channels of the 1×1 bottleneck for each of them; 4 by default. */
  readonly bottleneck?: number
  readonly norm?: BatchNormOptions
  /** Dropout of what the layer adds; 0 by default. */
  readonly dropRate?: number
}

/**
 * DenseNet-B's layer (Huang et al. 2017), a 1×1 and a 3×3 convolution, each after batch-norm and ReLU: `[n, h, w, c]` →
 * the new channels `[n, h, w, growthRate]`. Names are timm's: `norm1`, `conv1`, `norm2`, `conv2`.
 */
export function densenetLayer(
  net: Scope,
  x: SymbolicTensor,
  { growthRate, bottleneck = 4, norm, dropRate }: DenseNetLayerOptions,
): SymbolicTensor {
  const convolve = (index: number, y: SymbolicTensor, filters: number, kernelSize: number) =>
    conv2d(net.scope(`conv${index}`), relu(batchNorm(net.scope(`norm${index}`), y, norm)), {
      filters,
      kernelSize,
      initializer: heNormal('fan-in'),
    })
  const narrow = convolve(1, x, bottleneck * growthRate, 1)
  return dropout(net.scope('drop'), convolve(2, narrow, growthRate, 3), { rate: dropRate })
}
