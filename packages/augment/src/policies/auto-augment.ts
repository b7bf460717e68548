import type { ImageTransform } from '@convkit/core'
import type { WarpOptions } from '../pixels/warp.js'
import { choice } from '../shared/options.js'
import { type Chance, randomTransform } from '../shared/random-transform.js'
import { autoAugmentPolicies } from './auto-augment-policies.js'
import { operate } from './operations.js'
import { autoAugmentSpace, drawMagnitude } from './spaces.js'
import { policyWarping } from './warping.js'

export interface AutoAugmentOptions extends Chance, WarpOptions {
  /** What the policy was learned on; `imagenet` by default. */
  readonly policy?: keyof typeof autoAugmentPolicies
}

/** The highest level of the policies. */
const highest = 9

/** One of 25 learned pairs of operations (Cubuk et al. 2019, "AutoAugment"). */
export function autoAugment(options?: AutoAugmentOptions): ImageTransform {
  return randomTransform<AutoAugmentOptions>({
    name: 'auto-augment',
    fields: { policy: choice('imagenet', ['imagenet', 'cifar10']), ...policyWarping },
    options,
    apply(image, { policy, interpolation, fill }, draws) {
      let augmented = image
      for (const [name, probability, level = 0] of draws.pick(autoAugmentPolicies[policy])) {
        if (!draws.chance(probability)) continue
        const magnitude = drawMagnitude(autoAugmentSpace[name], level / highest, augmented, draws)
        augmented = operate(name, augmented, magnitude, { interpolation, fill })
      }
      return augmented
    },
  })
}
