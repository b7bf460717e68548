import type { Model, Pixels } from '@convkit/core'

declare const model: Model
declare const image: Pixels

// #region grad-cam
import { camLayers, createGradCam, effectiveReceptiveField } from '@convkit/core'

export const layers = camLayers(model) // the stages and layers that can be looked at
const cam = await createGradCam(model, { layer: 'layer3', method: 'grad-cam++' })
export const map = await cam.explain(image, model.classes.indexOf('tulip')) // [h, w], from 0 to 1
await cam.dispose()

export const field = await effectiveReceptiveField(model, { images: [image] })
// #endregion grad-cam
