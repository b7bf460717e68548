import type { DenseNetConfig } from './densenet.js'

/** Table 1 of Huang et al. 2017, with torchvision's growth rate of 48 for 161. */
export const variants = {
  densenet121: { growthRate: 32, layers: [6, 12, 24, 16] },
  densenet161: { growthRate: 48, layers: [6, 12, 36, 24] },
  densenet169: { growthRate: 32, layers: [6, 12, 32, 32] },
  densenet201: { growthRate: 32, layers: [6, 12, 48, 32] },
} satisfies Record<string, DenseNetConfig>
