import { createRegistry } from '@convkit/core'
import { checkArchitecture } from '@convkit/core/testing'
import { describe, expect, test } from 'vitest'
import zoo from '../index.js'
import { parameterCount, traceModel } from '../testing/trace-model.js'

describe('resnet-cifar', () => {
  // Table 6 of He et al. 2016 rounds these to 0.27, 0.46, 0.66, 0.85 and 1.7 million.
  test.each([
    ['resnet20', 269_722],
    ['resnet32', 464_154],
    ['resnet44', 658_586],
    ['resnet56', 853_018],
    ['resnet110', 1_727_962],
  ])('%s has %i parameters for ten classes', (name, parameters) => {
    expect(parameterCount(traceModel(name, { classes: 10 }))).toBe(parameters)
  })

  test('has three stages and no projection', () => {
    const traced = traceModel('resnet20', { classes: 10 })
    expect([...traced.features].map(([name, { shape }]) => [name, ...shape])).toEqual([
      ['act1', 1, 32, 32, 16],
      ['layer1', 1, 32, 32, 16],
      ['layer2', 1, 16, 16, 32],
      ['layer3', 1, 8, 8, 64],
    ])
    expect([...traced.state.keys()].filter((name) => name.includes('downsample'))).toEqual([])
  })

  test('holds what every architecture must hold', () => {
    checkArchitecture({
      model: 'resnet20',
      registry: createRegistry(zoo),
      inputSize: [16, 16],
      config: { layers: [1, 1, 1] },
    })
  })
})
