import { describe, expect, test } from 'vitest'
import { traceModel } from '../testing/trace-model.js'

describe('vgg', () => {
  test.each([
    [32, [1, 1, 1, 512]],
    [224, [1, 7, 7, 512]],
    [288, [1, 9, 9, 512]],
  ])('takes %i×%i pixels', (size, shape) => {
    const traced = traceModel('vgg11', { classes: 5, preprocessing: { inputSize: [size, size] } })
    expect([...traced.features.values()].at(-1)?.shape).toEqual(shape)
    expect(traced.logits.shape).toEqual([1, 5])
    expect(traced.state.get('pre_logits.fc1.weight')?.tensor.shape).toEqual([4096, 512, 7, 7])
  })

  test('sees another window than 7×7 at once', () => {
    const options = { config: { window: [2, 3] }, preprocessing: { inputSize: [64, 96] as const } }
    const { state, logits } = traceModel('vgg11', options)
    expect(state.get('pre_logits.fc1.weight')?.tensor.shape).toEqual([4096, 512, 2, 3])
    expect(logits.shape).toEqual([1, 1000])
  })

  test('drops between the wide layers and before the classifier', () => {
    const traced = traceModel('vgg11', { mode: 'train', config: { dropRate: 0.5 } })
    expect([...traced.masks].map(([name, { shape }]) => [name, ...shape])).toEqual([
      ['pre_logits.drop.mask', 1, 1, 1, 4096],
      ['head.drop.mask', 1, 4096],
    ])
  })

  test('ends in the wide layer’s features without classes', () => {
    const traced = traceModel('vgg11_bn', { classes: 0 })
    expect(traced.logits.shape).toEqual([1, 4096])
    expect([...traced.state.keys()].at(-1)).toBe('pre_logits.fc2.bias')
  })
})
