import type { WeightsTag } from '@convkit/core'
import type { ConvMixerConfig } from './convmixer.js'

/** Table 1 of Trockman and Kolter 2022, by timm's names: `convmixer_<width>_<depth>`. */
export const variants = {
  convmixer_1536_20: { filters: 1536, depth: 20, kernelSize: 9, patchSize: 7 },
  convmixer_768_32: { filters: 768, depth: 32, kernelSize: 7, patchSize: 7, activation: 'relu' },
  convmixer_1024_20_ks9_p14: { filters: 1024, depth: 20, kernelSize: 9, patchSize: 14 },
} satisfies Record<string, ConvMixerConfig>

/** The paper's weights on the Hugging Face hub, with its accuracies. */
export const weights = {
  convmixer_1536_20: [imagenetWeights('timm/convmixer_1536_20.in1k', 81.37)],
  convmixer_768_32: [imagenetWeights('timm/convmixer_768_32.in1k', 80.16)],
  convmixer_1024_20_ks9_p14: [imagenetWeights('timm/convmixer_1024_20_ks9_p14.in1k', 76.94)],
} satisfies Record<keyof typeof variants, readonly WeightsTag[]>

function imagenetWeights(hub: string, top1: number): WeightsTag {
  return { tag: 'in1k', hub, license: 'mit', classes: 1000, top1 }
}
