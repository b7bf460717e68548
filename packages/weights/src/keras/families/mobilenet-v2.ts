import type { KerasFamily } from '../families.js'
import { tf } from './preprocessing.js'

const first = 'blocks\\.0\\.0\\.'
const block = 'blocks\\.\\d+\\.\\d+\\.'

/** Other widths are the zoo's other variants, or `mobilenetv2_100` with a `widthMultiplier`. */
export const mobileNetV2: KerasFamily = {
  models: {
    MobileNetV2: 'mobilenetv2_100',
    'MobileNetV2, alpha 0.35': 'mobilenetv2_035',
    'MobileNetV2, alpha 0.5': 'mobilenetv2_050',
    'MobileNetV2, alpha 0.75': 'mobilenetv2_075',
    'MobileNetV2, alpha 1.4': 'mobilenetv2_140',
  },
  layers: [
    ['conv_stem', 'Conv1'],
    ['bn1', 'bn_Conv1'],
    [`${first}conv_dw`, 'expanded_conv_depthwise'],
    [`${first}bn1`, 'expanded_conv_depthwise_BN'],
    [`${first}conv_pw`, 'expanded_conv_project'],
    [`${first}bn2`, 'expanded_conv_project_BN'],
    [`${block}conv_pw`, 'block_{#+1}_expand'],
    [`${block}bn1`, 'block_{#+1}_expand_BN'],
    [`${block}conv_dw`, 'block_{#+1}_depthwise'],
    [`${block}bn2`, 'block_{#+1}_depthwise_BN'],
    [`${block}conv_pwl`, 'block_{#+1}_project'],
    [`${block}bn3`, 'block_{#+1}_project_BN'],
    ['conv_head', 'Conv_1'],
    ['bn2', 'Conv_1_bn'],
    ['classifier', 'predictions'],
  ],
  config: { padding: 'same', norm: { epsilon: 1e-3, momentum: 0.001 } },
  preprocessing: tf,
}
