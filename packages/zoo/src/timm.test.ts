import { createHash } from 'node:crypto'
import { createRegistry, imagenetPreprocessing, type ModelName, type Trace } from '@convkit/core'
import { describe, expect, test } from 'vitest'
import timm from './fixtures/timm.json' with { type: 'json' }
import zoo from './index.js'
import { parameterCount, traceModel } from './testing/trace-model.js'

function digest({ state }: Trace): string {
  const lines = [...state].map(([name, { tensor }]) => `${name} ${tensor.shape}\n`)
  return createHash('sha256').update(lines.join('')).digest('hex')
}

describe.each(Object.entries(timm.models))('%s is timm’s', (name, expected) => {
  const traced = traceModel(name)

  test('number of parameters', () => {
    expect(parameterCount(traced)).toBe(expected.parameters)
  })

  test('names, order and shapes of the state dict', () => {
    expect(traced.state.size).toBe(expected.tensors)
    expect(digest(traced)).toBe(expected.digest)
    expect([...traceModel(name, { mode: 'train', batchSize: 2 }).state.keys()]).toEqual([
      ...traced.state.keys(),
    ])
  })

  test('stages and their shapes', () => {
    const shapes = Object.entries<number[]>(expected.features).map(([stage, [channels, stride = 1]]) => [
      stage,
      [1, 224 / stride, 224 / stride, channels],
    ])
    expect([...traced.features].map(([stage, { shape }]) => [stage, shape])).toEqual(shapes)
    expect(traced.logits.shape).toEqual([1, 1000])
  })

  test('preprocessing, classifier and first convolution', () => {
    const { architecture } = createRegistry(zoo).model(name as ModelName)
    expect({ ...imagenetPreprocessing, ...architecture.preprocessing }).toEqual(expected.preprocessing)
    expect(architecture.classifier).toBe(expected.classifier)
    expect(architecture.firstConvolution).toBe(expected.firstConvolution)
    expect(traced.state.has(`${expected.classifier}.weight`)).toBe(true)
    expect(traced.state.has(`${expected.firstConvolution}.weight`)).toBe(true)
  })
})
