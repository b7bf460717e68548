import type { Model, Pixels } from '@convkit/core'

declare const model: Model
declare const image: Pixels

// #region grad-cam
import {
  camLayers,
  createGradCam,
  effectiveReceptiveField,
} from '@convkit/core'

// the stages and layers that can be looked at
export const layers = camLayers(model)
const cam = await createGradCam(model, {
  layer: 'layer3',
  method: 'grad-cam++',
})
// [h, w], from 0 to 1
export const map = await cam.explain(image, model.classes.indexOf('tulip'))
await cam.dispose()

export const field = await effectiveReceptiveField(model, { images: [image] })
// #endregion grad-cam
