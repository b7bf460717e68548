import type { KerasFamily } from '../families.js'
import { tf } from './preprocessing.js'

const block = 'blocks\\.\\d+\\.\\d+\\.'

/** Other widths are `mobilenetv1_100` with a `widthMultiplier`. */
export const mobileNet: KerasFamily = {
  models: { MobileNet: 'mobilenetv1_100' },
  layers: [
    ['conv_stem', 'conv1'],
    ['bn1', 'conv1_bn'],
    [`${block}conv_dw`, 'conv_dw_{#+1}'],
    [`${block}bn1`, 'conv_dw_{#+1}_bn'],
    [`${block}conv_pw`, 'conv_pw_{#+1}'],
    [`${block}bn2`, 'conv_pw_{#+1}_bn'],
    ['classifier', 'conv_preds'],
  ],
  config: { padding: 'same', stridedPadding: [0, 1, 0, 1], norm: { epsilon: 1e-3, momentum: 0.01 } },
  preprocessing: tf,
}
