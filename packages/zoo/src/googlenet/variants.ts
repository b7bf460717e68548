import { imagenetMean, type Preprocessing } from '@convkit/core'
import type { GoogLeNetConfig } from './googlenet.js'

/** Table 1 of Szegedy et al. 2015: filters of 1×1; 3×3 reduce, 3×3; 5×5 reduce, 5×5; pool projection. */
const modules = {
  inception3: [
    [64, 96, 128, 16, 32, 32],
    [128, 128, 192, 32, 96, 64],
  ],
  inception4: [
    [192, 96, 208, 16, 48, 64],
    [160, 112, 224, 24, 64, 64],
    [128, 128, 256, 24, 64, 64],
    [112, 144, 288, 32, 64, 64],
    [256, 160, 320, 32, 128, 128],
  ],
  inception5: [
    [256, 160, 320, 32, 128, 128],
    [384, 192, 384, 48, 128, 128],
  ],
} satisfies GoogLeNetConfig['modules']

export const variants = {
  googlenet: { design: 'torchvision', modules, dropRate: 0.2, auxiliaryDropRate: 0.7 },
  googlenet_paper: { design: 'paper', modules, dropRate: 0.4, auxiliaryDropRate: 0.7 },
} satisfies Record<string, GoogLeNetConfig>

export const variantPreprocessing = {
  // Pixels are centred, not scaled.
  googlenet_paper: { mean: imagenetMean, std: [1 / 255, 1 / 255, 1 / 255] },
} satisfies Record<string, Partial<Preprocessing>>
