import type { Preprocessing } from '@convkit/core'
import { depths } from '../resnet/depths.js'
import type { ResNetConfig } from '../resnet/resnet.js'

const tweaks = { stem: [32, 32, 64], shortcut: 'average-pool' } as const
const basic = { ...tweaks, block: 'basic' } as const
const bottleneck = { ...tweaks, block: 'bottleneck' } as const
const groups32x4 = { ...bottleneck, cardinality: 32, baseWidth: 4 }

export const variants = {
  resnet18d: { ...basic, layers: depths[18] },
  resnet34d: { ...basic, layers: depths[34] },
  resnet26d: { ...bottleneck, layers: depths[26] },
  resnet50d: { ...bottleneck, layers: depths[50] },
  resnet101d: { ...bottleneck, layers: depths[101] },
  resnet152d: { ...bottleneck, layers: depths[152] },
  resnet200d: { ...bottleneck, layers: depths[200] },
  resnext50d_32x4d: { ...groups32x4, layers: depths[50] },
  seresnet152d: { ...bottleneck, attention: 'squeeze-excite', layers: depths[152] },
  seresnext26d_32x4d: { ...groups32x4, attention: 'squeeze-excite', layers: depths[26] },
} satisfies Record<string, ResNetConfig>

/** How timm's ra2 weights of the deep ones were trained. */
const large = { inputSize: [256, 256], cropPct: 0.95 } as const

export const variantPreprocessing = {
  resnet101d: large,
  resnet152d: large,
  resnet200d: large,
  seresnet152d: large,
} satisfies Partial<Record<keyof typeof variants, Partial<Preprocessing>>>
