import { describe, expect, it } from 'vitest'
import * as g from '../index.js'

const image = g.input('image', [2, 8, 8, 3], 'uint8')
const x = g.divide(g.cast(image, 'float32'), 255)
const weight = g.state('conv1.weight', [4, 3, 3, 3])
const convolved = g.conv2d(x, weight, { padding: 1, strides: 2 }) // [2, 4, 4, 4]
const bn = ['weight', 'bias', 'running_mean', 'running_var'].map((name) => g.state(`bn1.${name}`, [4]))
const normalized = g.relu(g.batchNormInfer(convolved, ...(bn as [typeof x, typeof x, typeof x, typeof x])))
const logits = g.dense(
  g.globalAveragePool(normalized),
  g.state('fc.weight', [10, 4]),
  g.state('fc.bias', [10]),
)

describe('macs', () => {
  const node = (y: g.SymbolicTensor) => g.countMacs(y.node)

  it('counts products of convolutions by group, and of matrices', () => {
    expect(node(convolved)).toBe(2 * 4 * 4 * 4 * 3 * 9)
    const depthwise = g.conv2d(convolved, g.input('w', [8, 1, 3, 3]), { groups: 4 })
    expect(node(depthwise)).toBe(2 * 2 * 2 * 8 * 9)
    const [a, b] = [g.input('a', [5, 2]), g.input('b', [3, 5])]
    expect(node(g.matmul(a, b, { transposeA: true, transposeB: true }))).toBe(2 * 3 * 5)
    expect(node(normalized)).toBe(0)
  })

  it('adds up what the tensors depend on', () => {
    expect(g.macs([logits])).toBe(2 * 4 * 4 * 4 * 3 * 9 + 2 * 10 * 4)
    expect(g.macs([logits, convolved])).toBe(g.macs([logits]))
    expect(g.macs([])).toBe(0)
  })

  it('counts for each gradient of a convolution what the convolution itself costs', () => {
    const y = g.conv2d(g.input('x', [1, 6, 6, 4]), g.input('w', [6, 2, 3, 3]), { groups: 2, strides: 2 })
    const loss = g.sum(g.multiply(y, y))
    expect(g.macs(g.gradients(loss, y.node.inputs))).toBe(3 * node(y))
  })
})

describe('activationBytes', () => {
  it('adds the values that are computed, in their dtype', () => {
    expect(g.activationBytes([g.greater(g.reshape(x, [2, 192]), 0)])).toBe(2 * 192 * (4 + 4 + 1))
    expect(g.activationBytes([image])).toBe(0)
    const { y } = g.batchNormTrain(g.input('x', [5, 2]), g.vector([1, 1]), g.vector([0, 0]))
    expect(g.activationBytes([y])).toBe(4 * (10 + 2 + 2))
  })
})

describe('layers', () => {
  it('are the scopes of the graph in order, with what each computes', () => {
    const map = 4 * 2 * 4 * 4 * 4
    expect(g.layers([logits])).toEqual([
      {
        scope: '',
        op: 'cast',
        shape: [2, 8, 8, 3],
        macs: 0,
        activationBytes: 2 * 2 * 192 * 4,
        parameters: [],
        receptiveField: { size: [1, 1], stride: [1, 1] },
      },
      {
        scope: 'conv1',
        op: 'conv2d',
        shape: [2, 4, 4, 4],
        macs: 2 * 4 * 4 * 4 * 3 * 9,
        activationBytes: map,
        receptiveField: { size: [3, 3], stride: [2, 2] },
        parameters: ['conv1.weight'],
      },
      {
        scope: 'bn1',
        op: 'batchNormInfer',
        shape: [2, 4],
        macs: 0,
        activationBytes: 2 * map + 4 * 2 * 4,
        receptiveField: { size: [9, 9], stride: [0, 0] },
        parameters: ['bn1.weight', 'bn1.bias', 'bn1.running_mean', 'bn1.running_var'],
      },
      {
        scope: 'fc',
        op: 'matmul',
        shape: [2, 10],
        macs: 2 * 10 * 4,
        activationBytes: 2 * 2 * 10 * 4,
        receptiveField: { size: [9, 9], stride: [0, 0] },
        parameters: ['fc.weight', 'fc.bias'],
      },
    ])
  })

  it('have no receptive field without an image', () => {
    const [layer] = g.layers([g.dense(g.input('x', [2, 4]), g.state('fc.weight', [3, 4]))])
    expect(layer).toMatchObject({ scope: 'fc', receptiveField: undefined, parameters: ['fc.weight'] })
  })
})
