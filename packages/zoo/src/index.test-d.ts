import { configOf, createModel, type ModelName } from '@convkit/core'
import { expectTypeOf, test } from 'vitest'
import type {
  ConvNeXtConfig,
  LeNetConfig,
  MobileNetConfig,
  ResNetCifarConfig,
  ResNetConfig,
  VggConfig,
} from './index.js'

test('names complete', () => {
  expectTypeOf<'resnet50' | 'resnet20' | 'vgg16_bn' | 'lenet5'>().toExtend<ModelName>()
  expectTypeOf<'mobilenetv2_100' | 'tf_efficientnet_b4' | 'convnext_atto'>().toExtend<ModelName>()
  expectTypeOf<string>().not.toExtend<ModelName>()
})

test('each name has its config', () => {
  expectTypeOf(configOf<'resnet152'>).returns.toEqualTypeOf<ResNetConfig>()
  expectTypeOf(configOf<'resnet20'>).returns.toEqualTypeOf<ResNetCifarConfig>()
  expectTypeOf(configOf<'vgg19'>).returns.toEqualTypeOf<VggConfig>()
  expectTypeOf(configOf<'lenet5'>).returns.toEqualTypeOf<LeNetConfig>()
  expectTypeOf(configOf<'mobilenetv3_small_100'>).returns.toEqualTypeOf<MobileNetConfig>()
  expectTypeOf(configOf<'efficientnet_b0'>).returns.toEqualTypeOf<MobileNetConfig>()
  expectTypeOf(configOf<'convnext_tiny'>).returns.toEqualTypeOf<ConvNeXtConfig>()
})

test('a wrong name, key or value does not compile', () => {
  createModel('resnet50', { config: { block: 'se-bottleneck', dropPathRate: 0.1 } })
  createModel('vgg16', { config: { dropRate: 0.5 } })
  // @ts-expect-error there is no such model
  createModel('resnet51')
  // @ts-expect-error VGG has no blocks
  createModel('vgg16', { config: { block: 'basic' } })
  // @ts-expect-error the key is dropRate
  createModel('resnet50', { config: { droprate: 0.5 } })
  // @ts-expect-error layers are numbers
  createModel('resnet50', { config: { layers: ['3'] } })
})
