// #region views
import { type Views, viewsOf } from '@convkit/augment'
import { imagenetPreprocessing, type Pixels } from '@convkit/core'

const photo: Pixels = {
  height: 300,
  width: 400,
  channels: 3,
  data: new Uint8Array(300 * 400 * 3),
}
const tenCrop: Views = viewsOf['ten-crop'](imagenetPreprocessing)
// ten times [224, 224]
export const views = tenCrop(photo).map(({ height, width }) => [height, width])
// #endregion views
