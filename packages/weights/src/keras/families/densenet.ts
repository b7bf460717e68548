import type { KerasFamily } from '../families.js'
import { torch } from './preprocessing.js'

const layer = 'features\\.denseblock(\\d)\\.denselayer(\\d+)\\.'

export const denseNet: KerasFamily = {
  models: { DenseNet121: 'densenet121', DenseNet169: 'densenet169', DenseNet201: 'densenet201' },
  layers: [
    ['features\\.conv0', 'conv1_conv'],
    ['features\\.norm0', 'conv1_bn'],
    [`${layer}conv(\\d)`, 'conv{1+1}_block{2}_{3}_conv'],
    [`${layer}norm(\\d)`, 'conv{1+1}_block{2}_{3-1}_bn'],
    ['features\\.transition(\\d)\\.conv', 'pool{1+1}_conv'],
    ['features\\.transition(\\d)\\.norm', 'pool{1+1}_bn'],
    ['features\\.norm5', 'bn'],
    ['classifier', 'predictions'],
  ],
  config: { norm: { epsilon: 1.001e-5, momentum: 0.01 } },
  preprocessing: torch,
}
