export { type Activation, activate, activationNames } from './activation.js'
export { adaptiveAveragePool } from './adaptive-average-pool.js'
export { basicBlock } from './basic-block.js'
export { type BatchNormOptions, batchNorm } from './batch-norm.js'
export { bottleneck } from './bottleneck.js'
export { type ClassifierOptions, classifier } from './classifier.js'
export { type ConvNormActOptions, convNormAct } from './conv-norm-act.js'
export { type Conv2dOptions, conv2d } from './conv2d.js'
export { type ConvNeXtBlockOptions, convnextBlock, convnextInitializers } from './convnext-block.js'
export { type DenseOptions, dense, torchBias } from './dense.js'
export { denseOverMap } from './dense-over-map.js'
export { type DenseNetLayerOptions, densenetLayer } from './densenet-layer.js'
export { type DenseNetStagesOptions, densenetStages } from './densenet-stages.js'
export { depthwiseSeparable } from './depthwise-separable.js'
export { type DropoutOptions, dropout, dropPath } from './dropout.js'
export { type GlobalPoolOptions, globalPool } from './global-pool.js'
export { type HiddenLayer, hiddenLayers } from './hidden-layers.js'
export { type HighwayConvOptions, type HighwayOptions, highwayConv, highwayDense } from './highway.js'
export {
  type BranchConvolution,
  type Branches,
  type BranchPool,
  type BranchStep,
  type InceptionOptions,
  inception,
} from './inception.js'
export { type InceptionResidualOptions, inceptionResidual } from './inception-residual.js'
export { invertedResidual } from './inverted-residual.js'
export { type LayerNormOptions, layerNorm } from './layer-norm.js'
export type { MobileBlockOptions, MobileSqueezeExcite } from './mobile-block.js'
export { type MobileLayers, type MobileStagesOptions, mobileStages } from './mobile-stages.js'
export {
  blocks,
  blocks as default,
  type ConvNeXtBlockName,
  type MobileBlockName,
  type ResidualBlockName,
} from './plugin.js'
export { preactBasicBlock } from './preact-basic-block.js'
export { preactBottleneck } from './preact-bottleneck.js'
export { joinShortcut, type ResidualBlockOptions, type Shortcut } from './residual-block.js'
export { type ResidualStagesOptions, residualStages } from './residual-stages.js'
export { roundChannels } from './round-channels.js'
export { type SqueezeExciteOptions, squeezeExcite } from './squeeze-excite.js'
