import { configOf, createModel, type ModelName } from '@convkit/core'
import { expectTypeOf, test } from 'vitest'
import type { ConvMixerConfig } from './index.js'

test('the plugin brings its names and configs', () => {
  expectTypeOf<'convmixer_768_32' | 'convmixer_1024_20_ks9_p14'>().toExtend<ModelName>()
  expectTypeOf(configOf<'convmixer_1536_20'>).returns.toEqualTypeOf<ConvMixerConfig>()
  createModel('convmixer_768_32', { config: { depth: 8, activation: 'gelu' } })
  // @ts-expect-error the key is patchSize
  createModel('convmixer_768_32', { config: { patches: 7 } })
  // @ts-expect-error there is no such model
  createModel('convmixer_768_33')
})
