import type { Dataset, Model } from '@convkit/core'

declare const model: Model
declare const train: Dataset

// #region recipe
import {
  augmentation,
  colorJitter,
  cutMix,
  horizontalFlip,
  oneOf,
  randomResizedCrop,
  randomSolarize,
  vgg,
} from '@convkit/augment'
import { fit } from '@convkit/train'

await fit(model, train, { epochs: 30, augment: vgg })
await fit(model, train, {
  epochs: 30,
  augment: augmentation({
    name: 'mine',
    crop: randomResizedCrop({ scale: [0.5, 1] }),
    transforms: [
      horizontalFlip(),
      colorJitter({ brightness: 0.4, hue: 0.1 }),
      oneOf([randomSolarize({ threshold: 100 })], { probability: 0.2 }),
    ],
    mix: cutMix(),
  }),
})
// #endregion recipe
