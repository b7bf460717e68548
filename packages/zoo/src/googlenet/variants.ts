import { imagenetMean, type Preprocessing } from '@convkit/core'
import type { GoogLeNetConfig } from './googlenet.js'

/** Table 1 of Szegedy et al. 2015: filters of 1×1; 3×3 reduce, 3×3; 5×5 reduce, 5×5; pool projection. */
const stages: GoogLeNetConfig['stages'] = [
  {
    inception3a: [64, 96, 128, 16, 32, 32],
    inception3b: [128, 128, 192, 32, 96, 64],
  },
  {
    inception4a: [192, 96, 208, 16, 48, 64],
    inception4b: [160, 112, 224, 24, 64, 64],
    inception4c: [128, 128, 256, 24, 64, 64],
    inception4d: [112, 144, 288, 32, 64, 64],
    inception4e: [256, 160, 320, 32, 128, 128],
  },
  {
    inception5a: [256, 160, 320, 32, 128, 128],
    inception5b: [384, 192, 384, 48, 128, 128],
  },
]

export const variants = {
  googlenet: { design: 'torchvision', stages, dropRate: 0.2, auxiliaryDropRate: 0.7 },
  googlenet_paper: { design: 'paper', stages, dropRate: 0.4, auxiliaryDropRate: 0.7 },
} satisfies Record<string, GoogLeNetConfig>

export const variantPreprocessing = {
  // Pixels are centred, not scaled.
  googlenet_paper: { mean: imagenetMean, std: [1 / 255, 1 / 255, 1 / 255] },
} satisfies Record<string, Partial<Preprocessing>>
