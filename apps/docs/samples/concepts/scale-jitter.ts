// #region sample
import { scaleJitter } from '@convkit/augment'
import { random } from '@convkit/core'

const crop = scaleJitter({ shorterSide: [256, 512] }) // as VGG was trained
const photo = { height: 480, width: 640 }
const input = { height: 224, width: 224 }

export const sides = [0, 1, 2, 3, 4].map((epoch) => {
  const { height } = crop(photo, input, random(1, 'example', epoch))
  // the photo's shorter side, were it scaled as this crop is
  return Math.round((photo.height * input.height) / height)
})
// #endregion sample
