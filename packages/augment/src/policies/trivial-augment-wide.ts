import type { ImageTransform } from '@convkit/core'
import type { WarpOptions } from '../pixels/warp.js'
import { type Chance, randomTransform } from '../shared/random-transform.js'
import { operate } from './operations.js'
import { entriesOf } from './rand-augment.js'
import { drawMagnitude, wideSpace } from './spaces.js'
import { policyWarping } from './warping.js'

export interface TrivialAugmentWideOptions extends Chance, WarpOptions {}

/** Strengths to draw from, 0 to 30. */
const levels = 31

/** One operation of any strength (Müller and Hutter 2021, "TrivialAugment"): nothing to tune. */
export function trivialAugmentWide(options?: TrivialAugmentWideOptions): ImageTransform {
  const listed = entriesOf(wideSpace)
  return randomTransform<TrivialAugmentWideOptions>({
    name: 'trivial-augment-wide',
    fields: policyWarping,
    options,
    apply(image, { interpolation, fill }, draws) {
      const [name, strength] = draws.pick(listed)
      const level = draws.whole(levels) / (levels - 1)
      return operate(name, image, drawMagnitude(strength, level, image, draws), { interpolation, fill })
    },
  })
}
