import blocks from '@convkit/blocks'
import { definePlugin } from '@convkit/core'
import { alexnet } from './alexnet/alexnet.js'
import { convnext } from './convnext/convnext.js'
import { densenet } from './densenet/densenet.js'
import { densenetCifar } from './densenet-cifar/densenet-cifar.js'
import { efficientnet } from './efficientnet/efficientnet.js'
import { googlenet } from './googlenet/googlenet.js'
import { highway } from './highway/highway.js'
import { inceptionResNetV2 } from './inception/inception-resnet-v2.js'
import { inceptionV3 } from './inception/inception-v3.js'
import { inceptionV4 } from './inception/inception-v4.js'
import { lenet } from './lenet/lenet.js'
import { mobilenetV1, mobilenetV2, mobilenetV3 } from './mobilenet/mobilenet.js'
import { resnet } from './resnet/resnet.js'
import { resnetCifar } from './resnet-cifar/resnet-cifar.js'
import { resnetD } from './resnet-d/resnet-d.js'
import { resnetV2 } from './resnet-v2/resnet-v2.js'
import { vgg } from './vgg/vgg.js'
import { wideResnetCifar } from './wide-resnet-cifar/wide-resnet-cifar.js'

export { type AlexNetConfig, alexnet } from './alexnet/alexnet.js'
export { type ConvNeXtConfig, convnext } from './convnext/convnext.js'
export { type DenseNetConfig, densenet } from './densenet/densenet.js'
export { densenetCifar } from './densenet-cifar/densenet-cifar.js'
export { efficientnet } from './efficientnet/efficientnet.js'
export { type GoogLeNetConfig, googlenet } from './googlenet/googlenet.js'
export { type HighwayConfig, highway } from './highway/highway.js'
export {
  type InceptionResNetStage,
  type InceptionResNetV2Config,
  inceptionResNetV2,
} from './inception/inception-resnet-v2.js'
export { type InceptionV3Config, inceptionV3 } from './inception/inception-v3.js'
export { type InceptionV4Config, inceptionV4 } from './inception/inception-v4.js'
export { type LeNetConfig, lenet } from './lenet/lenet.js'
export type { MobileNetConfig } from './mobilenet/mobile-network.js'
export { mobilenetV1, mobilenetV2, mobilenetV3 } from './mobilenet/mobilenet.js'
export { type ResNetConfig, resnet } from './resnet/resnet.js'
export { type ResNetCifarConfig, resnetCifar } from './resnet-cifar/resnet-cifar.js'
export { resnetD } from './resnet-d/resnet-d.js'
export { type ResNetV2Config, resnetV2 } from './resnet-v2/resnet-v2.js'
export { type VggConfig, vgg } from './vgg/vgg.js'
export { type WideResNetConfig, wideResnetCifar } from './wide-resnet-cifar/wide-resnet-cifar.js'

/** Every family of the zoo, with the blocks that they are built from. */
const zoo = definePlugin({
  name: '@convkit/zoo',
  requires: [blocks],
  architectures: [
    alexnet,
    convnext,
    densenet,
    densenetCifar,
    efficientnet,
    googlenet,
    highway,
    inceptionResNetV2,
    inceptionV3,
    inceptionV4,
    lenet,
    mobilenetV1,
    mobilenetV2,
    mobilenetV3,
    resnet,
    resnetCifar,
    resnetD,
    resnetV2,
    vgg,
    wideResnetCifar,
  ],
})
export default zoo
