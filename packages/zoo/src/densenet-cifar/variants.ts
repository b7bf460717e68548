import type { DenseNetConfig } from '../densenet/densenet.js'

/** DenseNet-BC by depth and growth rate: (depth − 4) / 6 layers in each of three blocks; table 2 of Huang et al. 2017. */
export const variants = {
  densenet_bc_100_12: { growthRate: 12, layers: [16, 16, 16] },
  densenet_bc_250_24: { growthRate: 24, layers: [41, 41, 41] },
  densenet_bc_190_40: { growthRate: 40, layers: [31, 31, 31] },
} satisfies Record<string, DenseNetConfig>
