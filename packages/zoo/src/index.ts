import blocks from '@convkit/blocks'
import { definePlugin } from '@convkit/core'
import { lenet } from './lenet/lenet.js'
import { resnet } from './resnet/resnet.js'
import { resnetCifar } from './resnet-cifar/resnet-cifar.js'
import { vgg } from './vgg/vgg.js'

export { type LeNetConfig, lenet } from './lenet/lenet.js'
export { type ResNetConfig, resnet } from './resnet/resnet.js'
export { resnetCifar } from './resnet-cifar/resnet-cifar.js'
export { type VggConfig, vgg } from './vgg/vgg.js'

/** Every family of the zoo, with the blocks that they are built from. */
const zoo = definePlugin({
  name: '@convkit/zoo',
  requires: [blocks],
  architectures: [lenet, resnet, resnetCifar, vgg],
})
export default zoo
