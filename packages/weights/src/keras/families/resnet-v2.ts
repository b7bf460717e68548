import type { KerasFamily } from '../families.js'
import { tf } from './preprocessing.js'

const block = 'stages\\.(\\d+)\\.blocks\\.(\\d+)\\.'

/** The zoo's variants have the biases, strides, padding and epsilon of Keras. */
export const resNetV2: KerasFamily = {
  models: { ResNet50V2: 'resnet50_v2', ResNet101V2: 'resnet101_v2', ResNet152V2: 'resnet152_v2' },
  layers: [
    ['stem\\.conv', 'conv1_conv'],
    [`${block}conv(\\d)`, 'conv{1+2}_block{2+1}_{3}_conv'],
    [`${block}norm1`, 'conv{1+2}_block{2+1}_preact_bn'],
    [`${block}norm(\\d)`, 'conv{1+2}_block{2+1}_{3-1}_bn'],
    [`${block}downsample\\.conv`, 'conv{1+2}_block{2+1}_0_conv'],
    ['norm', 'post_bn'],
    ['head\\.fc', 'predictions'],
  ],
  preprocessing: tf,
}
