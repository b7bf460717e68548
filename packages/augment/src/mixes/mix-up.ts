import type { BatchMix } from '@convkit/core'
import { batchMix, type MixOptions, type MixPair } from './batch-mix.js'

/**
 * Weighted means of two images each, and of their labels (Zhang et al. 2018), as timm's `Mixup` in its batch mode: one
 * share a batch, its images mixed with themselves in reverse order.
 *
 * @throws E_OPTION.
 */
export function mixUp(options?: MixOptions): BatchMix {
  return batchMix('mixup', options, (_batch, drawn) => {
    // In steps of 2⁻¹⁶, so that pixels are mixed with whole numbers and labels with the same share.
    const own = Math.round(drawn * 65536)
    return { share: own / 65536, mixPair: blendPair(own) }
  })
}

function blendPair(own: number): MixPair {
  const rest = 65536 - own
  return (first, second) => {
    for (let i = 0; i < first.length; i++) {
      const [a, b] = [first[i] as number, second[i] as number]
      first[i] = (a * own + b * rest + 32768) >> 16
      second[i] = (b * own + a * rest + 32768) >> 16
    }
  }
}
