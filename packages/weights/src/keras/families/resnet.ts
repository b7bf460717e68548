import type { KerasFamily } from '../families.js'
import { caffe } from './preprocessing.js'

const block = 'layer(\\d+)\\.(\\d+)\\.'

/** The zoo's variants have the biases, the stride of the first 1×1 convolution and the epsilon of Keras. */
export const resNet: KerasFamily = {
  models: { ResNet50: 'resnet50_v1', ResNet101: 'resnet101_v1', ResNet152: 'resnet152_v1' },
  layers: [
    ['conv1', 'conv1_conv'],
    ['bn1', 'conv1_bn'],
    [`${block}conv(\\d)`, 'conv{1+1}_block{2+1}_{3}_conv'],
    [`${block}bn(\\d)`, 'conv{1+1}_block{2+1}_{3}_bn'],
    [`${block}downsample\\.0`, 'conv{1+1}_block{2+1}_0_conv'],
    [`${block}downsample\\.1`, 'conv{1+1}_block{2+1}_0_bn'],
    ['fc', 'predictions'],
  ],
  preprocessing: caffe,
  bgr: true,
}
