import { createRegistry } from '@convkit/core'
import { describeArchitecture } from '@convkit/core/testing'
import { describe, expect, it, test } from 'vitest'
import zoo from '../index.js'
import { parameterCount, traceModel } from '../testing/trace-model.js'
import { lenet } from './lenet.js'

describe('lenet', () => {
  test.each([
    ['lenet5', 61_706],
    ['lenet5_modern', 120_478],
  ])('%s has %i parameters for ten digits', (name, parameters) => {
    expect(parameterCount(traceModel(name, { classes: 10 }))).toBe(parameters)
  })

  test.each([28, 32])('has the paper’s maps for %i×%i pixels', (size) => {
    const { features } = traceModel('lenet5', { preprocessing: { inputSize: [size, size] } })
    expect([...features].map(([name, { shape }]) => [name, ...shape])).toEqual([
      ['conv1', 1, 14, 14, 6],
      ['conv2', 1, 5, 5, 16],
    ])
  })
})

describeArchitecture(lenet, { registry: createRegistry(zoo) }, { describe, expect, it })
