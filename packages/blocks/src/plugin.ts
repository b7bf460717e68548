import { type BlockFunction, definePlugin } from '@convkit/core'
import {
  type AveragePool2dOptions,
  averagePool2d,
  flatten,
  maxPool2d,
  type Pool2dOptions,
} from '@convkit/graph'
import { type Activation, activate } from './activation.js'
import { basicBlock } from './basic-block.js'
import { batchNorm } from './batch-norm.js'
import { bottleneck } from './bottleneck.js'
import { classifier } from './classifier.js'
import { convNormAct } from './conv-norm-act.js'
import { conv2d } from './conv2d.js'
import { convnextBlock } from './convnext-block.js'
import { dense } from './dense.js'
import { denseOverMap } from './dense-over-map.js'
import { densenetLayer } from './densenet-layer.js'
import { depthwiseSeparable } from './depthwise-separable.js'
import { dropout, dropPath } from './dropout.js'
import { globalPool } from './global-pool.js'
import { highwayConv, highwayDense } from './highway.js'
import { inception } from './inception.js'
import { inceptionResidual } from './inception-residual.js'
import { invertedResidual } from './inverted-residual.js'
import { layerNorm } from './layer-norm.js'
import { preactBasicBlock } from './preact-basic-block.js'
import { preactBottleneck } from './preact-bottleneck.js'
import { squeezeExcite } from './squeeze-excite.js'

// What has no parameters needs no scope.
const activation: BlockFunction<{ name: Activation }> = (_, x, { name }) => activate(x, name)
const maxPool: BlockFunction<Pool2dOptions> = (_, x, options) => maxPool2d(x, options)
const averagePool: BlockFunction<AveragePool2dOptions> = (_, x, options) => averagePool2d(x, options)

/** The blocks under the names by which configs and other plugins call them. */
export const blocks = definePlugin({
  name: '@convkit/blocks',
  blocks: {
    activation,
    'average-pool': averagePool,
    basic: basicBlock,
    'batch-norm': batchNorm,
    bottleneck,
    classifier,
    conv2d,
    'conv-norm-act': convNormAct,
    convnext: convnextBlock,
    dense,
    'dense-over-map': denseOverMap,
    'densenet-layer': densenetLayer,
    'depthwise-separable': depthwiseSeparable,
    'drop-path': dropPath,
    dropout,
    flatten: (_, x) => flatten(x),
    'global-pool': globalPool,
    'highway-conv': highwayConv,
    'highway-dense': highwayDense,
    inception,
    'inception-residual': inceptionResidual,
    'inverted-residual': invertedResidual,
    'layer-norm': layerNorm,
    'max-pool': maxPool,
    'preact-basic': preactBasicBlock,
    'preact-bottleneck': preactBottleneck,
    'squeeze-excite': squeezeExcite,
  },
})

/** Name of a residual block: one of convkit's, or any that a plugin has registered. */
export type ResidualBlockName = 'basic' | 'bottleneck' | 'preact-basic' | 'preact-bottleneck' | (string & {})

/** Name of a mobile network's block: one of convkit's, or any that a plugin has registered. */
export type MobileBlockName = 'inverted-residual' | 'depthwise-separable' | (string & {})

/** Name of a ConvNeXt's block: convkit's, or any that a plugin has registered. */
export type ConvNeXtBlockName = 'convnext' | (string & {})
