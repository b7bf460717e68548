import type { WideResNetConfig } from './wide-resnet-cifar.js'

/** By depth and width: (depth − 4) / 6 blocks in each of three stages; tables 4 and 5 of Zagoruyko and Komodakis 2016. */
export const variants = {
  wrn_16_4: { layers: [2, 2, 2], width: 4 },
  wrn_16_8: { layers: [2, 2, 2], width: 8 },
  wrn_22_8: { layers: [3, 3, 3], width: 8 },
  wrn_28_10: { layers: [4, 4, 4], width: 10 },
  wrn_40_2: { layers: [6, 6, 6], width: 2 },
  wrn_40_4: { layers: [6, 6, 6], width: 4 },
} satisfies Record<string, WideResNetConfig>
