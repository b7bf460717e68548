import type { KerasFamily } from '../families.js'
import { inputSizeOf } from '../input-size.js'
import { caffe } from './preprocessing.js'

/** The first dense layer, of a flattened map, is the zoo's convolution that sees the whole map: 7×7 of 224×224 pixels. */
export const vgg: KerasFamily = {
  models: { VGG16: 'vgg16', VGG19: 'vgg19' },
  layers: [
    ['features\\.\\d+', { nth: 'block\\d_conv\\d' }],
    ['pre_logits\\.fc(\\d)', 'fc{1}'],
    ['head\\.fc', 'predictions'],
  ],
  configOf(model) {
    const positions = (model.tensors.get('fc1/kernel')?.shape[0] ?? 0) / 512
    const side = Math.sqrt(positions)
    const window = inputSizeOf(model.layers)?.map((size) => Math.floor(size / 32)) ?? [side, side]
    return positions > 0 && window.every(Number.isInteger) ? { window } : {}
  },
  preprocessing: caffe,
  bgr: true,
}
