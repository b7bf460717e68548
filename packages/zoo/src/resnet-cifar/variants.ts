import type { ResNetCifarConfig } from './resnet-cifar.js'

/** n = 3, 5, 7, 9 and 18 blocks in each stage: table 6 of He et al. 2016. */
export const variants = {
  resnet20: { block: 'basic', layers: [3, 3, 3] },
  resnet32: { block: 'basic', layers: [5, 5, 5] },
  resnet44: { block: 'basic', layers: [7, 7, 7] },
  resnet56: { block: 'basic', layers: [9, 9, 9] },
  resnet110: { block: 'basic', layers: [18, 18, 18] },
} satisfies Record<string, ResNetCifarConfig>
