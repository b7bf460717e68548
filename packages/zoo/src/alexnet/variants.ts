import { imagenetMean, type Preprocessing } from '@convkit/core'
import type { AlexNetConfig } from './alexnet.js'

export const variants = {
  /** torchvision's: one column of Krizhevsky 2014, "One weird trick for parallelizing convolutional neural networks". */
  alexnet: { filters: [64, 192, 384, 256, 256], padding: 2, dropout: 'before', dropRate: 0.5 },
  /** The network of 2012: two halves, which only the third convolution and the wide layers see as one. */
  alexnet_paper: {
    filters: [96, 256, 384, 384, 256],
    groups: [1, 2, 1, 2, 2],
    padding: 0,
    localResponseNorm: { size: 5, alpha: 1e-4, beta: 0.75, bias: 2 },
    dropout: 'after',
    dropRate: 0.5,
    initial: { std: 0.01, biases: [0, 1, 0, 1, 1, 1, 1, 0] },
  },
} satisfies Record<string, AlexNetConfig>

/** Both see the centre of an image whose shorter side is 256 pixels long. */
export const variantPreprocessing = {
  // Pixels are centred, not scaled: weights that start as small as the paper's need them large.
  alexnet_paper: {
    inputSize: [227, 227],
    cropPct: 227 / 256,
    mean: imagenetMean,
    std: [1 / 255, 1 / 255, 1 / 255],
  },
} satisfies Record<string, Partial<Preprocessing>>
