import { createRegistry } from '@convkit/core'
import { checkArchitecture } from '@convkit/core/testing'
import { describe, expect, test } from 'vitest'
import zoo from '../index.js'
import { parameterCount, traceModel } from '../testing/trace-model.js'

describe('efficientnet', () => {
  test.each([
    ['efficientnet_b0', 5_288_548],
    ['efficientnet_b1', 7_794_184],
    ['efficientnet_b2', 9_109_994],
    ['efficientnet_b3', 12_233_232],
    ['efficientnet_b4', 19_341_616],
  ])('%s has %i parameters, TensorFlow’s too', (name, parameters) => {
    expect(parameterCount(traceModel(name))).toBe(parameters)
    expect(parameterCount(traceModel(`tf_${name}`))).toBe(parameters)
  })

  test('is B7 by configuration', () => {
    const config = { widthMultiplier: 2, depthMultiplier: 3.1 }
    expect(parameterCount(traceModel('efficientnet_b0', { config }))).toBe(66_347_960)
  })

  test('holds what every architecture must hold', () => {
    const squeezeExcite = { ratio: 0.25 }
    const stages = [
      [{ block: 'depthwise-separable', filters: 8, squeezeExcite }],
      [{ layers: 2, filters: 16, strides: 2, kernelSize: 5, expansion: 2, squeezeExcite }],
    ]
    const config = { stages, stemFilters: 8, headFilters: 16 }
    checkArchitecture({
      model: 'efficientnet_b0',
      registry: createRegistry(zoo),
      inputSize: [16, 16],
      config,
    })
  })

  test('takes grey images of any size and gives features without classes', () => {
    const preprocessing = { inputSize: [70, 97], channels: 1 } as const
    const { logits, features, state } = traceModel('tf_efficientnet_b2', { classes: 0, preprocessing })
    expect(logits.shape).toEqual([1, 1408])
    expect(features.get('blocks.6')?.shape).toEqual([1, 3, 4, 352])
    expect(state.get('conv_stem.weight')?.tensor.shape).toEqual([32, 1, 3, 3])
  })

  test('drops paths and features in training only', () => {
    const config = { dropPathRate: 0.2, dropRate: 0.3 }
    const { masks } = traceModel('efficientnet_b0', { config, mode: 'train', batchSize: 2 })
    expect(masks.size).toBe(9 + 1)
    expect(masks.get('drop.mask')?.shape).toEqual([2, 1280])
    expect(traceModel('efficientnet_b0', { config }).masks.size).toBe(0)
  })
})
