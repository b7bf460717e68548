import type { Preprocessing } from '@convkit/core'
import type { ConvNeXtConfig } from './convnext.js'

const convnext = { block: 'convnext' } as const
/** timm's networks smaller than the paper's. */
const small = { ...convnext, convMlp: true } as const

/** Section 3 of Liu et al. 2022 from `tiny` on; the smaller ones are timm's. */
export const variants = {
  convnext_atto: { ...small, layers: [2, 2, 6, 2], filters: [40, 80, 160, 320] },
  convnext_femto: { ...small, layers: [2, 2, 6, 2], filters: [48, 96, 192, 384] },
  convnext_pico: { ...small, layers: [2, 2, 6, 2], filters: [64, 128, 256, 512] },
  convnext_nano: { ...small, layers: [2, 2, 8, 2], filters: [80, 160, 320, 640] },
  convnext_tiny: { ...convnext, layers: [3, 3, 9, 3], filters: [96, 192, 384, 768] },
  convnext_small: { ...convnext, layers: [3, 3, 27, 3], filters: [96, 192, 384, 768] },
  convnext_base: { ...convnext, layers: [3, 3, 27, 3], filters: [128, 256, 512, 1024] },
} satisfies Record<string, ConvNeXtConfig>

export const variantPreprocessing = {
  convnext_nano: { cropPct: 0.95 },
  convnext_tiny: { cropPct: 0.95 },
  convnext_small: { cropPct: 0.95 },
} satisfies Record<string, Partial<Preprocessing>>
