import { describe, expect, it } from 'vitest'
import { batchNormTrain, conv2d, formatShape, input, relu, sameShape, sizeOf, state } from './index.js'

describe('the scope of a node', () => {
  const image = input('image', [1, 8, 8, 3])
  const x = conv2d(image, state('layer1.0.conv1.weight', [4, 3, 3, 3]))

  it('is that of its parameters', () => {
    expect(x.node.scope).toBe('layer1.0.conv1')
    const { y } = batchNormTrain(x, state('layer1.0.bn1.weight', [4]), state('layer1.0.bn1.bias', [4]))
    expect(y.node.scope).toBe('layer1.0.bn1')
  })

  it('is else that of its first input', () => {
    expect(relu(x).node.scope).toBe('layer1.0.conv1')
    expect(relu(image).node.scope).toBe('')
    expect(state('temperature', []).node.scope).toBe('')
  })
})

describe('shapes', () => {
  it('have a size, an order and a text', () => {
    expect([sizeOf([]), sizeOf([2, 3, 4]), sizeOf([2, 0])]).toEqual([1, 24, 0])
    expect(sameShape([1, 2], [1, 2])).toBe(true)
    expect(sameShape([1, 2], [2, 1])).toBe(false)
    expect(sameShape([1], [1, 1])).toBe(false)
    expect(formatShape([8, 56, 56, 64])).toBe('[8,56,56,64]')
  })
})
