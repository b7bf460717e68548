import type { Batch, BatchMix } from '@convkit/core'
import { type Draws, drawsOf } from '../shared/draws.js'
import { number, probability, readOptions } from '../shared/options.js'
import { betaDeviate } from './beta.js'

export interface MixOptions {
  /** Of the distribution Beta(alpha, alpha) that an image's share is drawn from; 1 by default: evenly. */
  readonly alpha?: number
  /** How often a batch is mixed, from 0 to 1; always by default. */
  readonly probability?: number
}

/**
 * A mix in which the images of a batch are mixed with those in reverse order, all with one share: timm's batch mode. The
 * image in the middle of an odd number stays as it is.
 *
 * `mixPair` mixes two images in place with each other and gives their shares of themselves.
 *
 * @throws E_OPTION.
 */
export function batchMix(
  name: string,
  options: MixOptions | undefined,
  mixerOf: (batch: Batch, share: number, draws: Draws) => { share: number; mixPair: MixPair },
): BatchMix {
  const settings = readOptions<MixOptions>(
    name,
    { alpha: number(1, Number.MIN_VALUE), probability: probability(1) },
    options,
  )
  return {
    name,
    apply(batch, random) {
      const draws = drawsOf(random)
      const { images, size, count } = batch
      const labels = Int32Array.from(batch.labels)
      const shares = new Float32Array(size).fill(1)
      if (!draws.chance(settings.probability)) return { labels, shares }
      const { share, mixPair } = mixerOf(batch, betaDeviate(settings.alpha, draws), draws)
      const imageLength = images.length / size
      const image = (row: number) => images.subarray(row * imageLength, (row + 1) * imageLength)
      for (let row = 0, other = count - 1; row < other; row++, other--) {
        mixPair(image(row), image(other))
        labels[row] = batch.labels[other] as number
        labels[other] = batch.labels[row] as number
        shares[row] = shares[other] = share
      }
      return { labels, shares }
    },
  }
}

/** Mixes two images in place. */
export type MixPair = (first: Uint8Array, second: Uint8Array) => void
