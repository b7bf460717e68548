import type { ImageTransform, Pixels } from '@convkit/core'
import { betaDeviate, gammaDeviate } from '../mixes/beta.js'
import type { WarpOptions } from '../pixels/warp.js'
import type { Draws } from '../shared/draws.js'
import { flag, number, whole } from '../shared/options.js'
import { type Chance, randomTransform } from '../shared/random-transform.js'
import { operate } from './operations.js'
import { entriesOf } from './rand-augment.js'
import { augMixCorruptions, augMixSpace, drawMagnitude } from './spaces.js'
import { policyWarping } from './warping.js'

export interface AugMixOptions extends Chance, WarpOptions {
  /** The highest strength of an operation, 1 to 10; 3 by default. */
  readonly severity?: number
  /** Chains that are mixed; 3 by default. */
  readonly width?: number
  /** Operations of a chain; 0, the default, draws one to three. */
  readonly depth?: number
  /** Of the distributions of the shares; 1 by default: evenly. */
  readonly alpha?: number
  /** Whether chains change brightness, colour, contrast and sharpness too, as in torchvision; true by default. */
  readonly allOperations?: boolean
}

const levels = 10

/** The image mixed with several chains of operations on it (Hendrycks et al. 2020); without the paper's own loss. */
export function augMix(options?: AugMixOptions): ImageTransform {
  return randomTransform<AugMixOptions>({
    name: 'aug-mix',
    fields: {
      severity: whole(3, 1, levels),
      width: whole(3, 1),
      depth: whole(0, 0),
      alpha: number(1, Number.MIN_VALUE),
      allOperations: flag(true),
      ...policyWarping,
    },
    options,
    apply(image, { severity, width, depth, alpha, allOperations, ...warping }, draws) {
      const listed = entriesOf(allOperations ? { ...augMixSpace, ...augMixCorruptions } : augMixSpace)
      const chained = betaDeviate(alpha, draws)
      const shares = dirichlet(width, alpha, draws)
      const mixed = new Float32Array(image.data.length)
      addShare(mixed, image, 1 - chained)
      for (const share of shares) {
        let augmented = image
        const length = depth > 0 ? depth : 1 + draws.whole(3)
        for (let i = 0; i < length; i++) {
          const [name, strength] = draws.pick(listed)
          const level = draws.whole(severity) / (levels - 1)
          augmented = operate(name, augmented, drawMagnitude(strength, level, augmented, draws), warping)
        }
        addShare(mixed, augmented, chained * share)
      }
      return { ...image, data: roundedBytes(mixed) }
    },
  })
}

function addShare(sum: Float32Array, { data }: Pixels, share: number): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + share * (data[i] as number)
}

function roundedBytes(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.min(255, (values[i] as number) + 0.5)
  return bytes
}

/** Shares that sum to 1. */
function dirichlet(count: number, alpha: number, draws: Draws): number[] {
  const deviates = Array.from({ length: count }, () => gammaDeviate(alpha, draws))
  const total = deviates.reduce((sum, deviate) => sum + deviate, 0)
  return deviates.map((deviate) => (total > 0 ? deviate / total : 1 / count))
}
