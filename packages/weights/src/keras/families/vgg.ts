import type { KerasFamily } from '../families.js'
import { caffe } from './preprocessing.js'

/** The first dense layer, of a flattened map, is the zoo's 7×7 convolution. */
export const vgg: KerasFamily = {
  models: { VGG16: 'vgg16', VGG19: 'vgg19' },
  layers: [
    ['features\\.\\d+', { nth: 'block\\d_conv\\d' }],
    ['pre_logits\\.fc(\\d)', 'fc{1}'],
    ['head\\.fc', 'predictions'],
  ],
  preprocessing: caffe,
  bgr: true,
}
