// #region own
import type { ImageTransform } from '@convkit/core'

/** Darkens the image by up to a half. */
export const dusk: ImageTransform = {
  name: 'dusk',
  apply(image, random) {
    const light = 1 - 0.5 * random.uniform(0)
    return { ...image, data: image.data.map((value) => light * value) }
  },
}
// #endregion own
