import type { KerasFamily } from '../families.js'
import { tf } from './preprocessing.js'

/** Keras numbers the layers in the order in which it makes them, which is timm's; its batch-norms have no scale. */
export const inceptionV3: KerasFamily = {
  models: { InceptionV3: 'inception_v3' },
  layers: [
    ['.+\\.conv', { nth: 'conv2d(_\\d+)?' }],
    ['.+\\.bn', { nth: 'batch_normalization(_v1)?(_\\d+)?' }],
    ['fc', 'predictions'],
  ],
  config: { countPadding: false },
  preprocessing: { ...tf, inputSize: [299, 299] },
}
