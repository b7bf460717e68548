import { describe, expect, it } from 'vitest'
import * as g from '../index.js'
import { checkGradient, evaluate } from '../reference.js'

const opsOf = (tensors: readonly g.SymbolicTensor[]) => g.topologicalOrder(tensors).map(({ op }) => op)

describe('gradients', () => {
  it('adds up what flows from every user of a tensor', () => {
    // x·x + 3x + exp(x): 2x + 3 + exp(x)
    const x = g.input('x', [2])
    const loss = g.sum(g.add(g.add(g.multiply(x, x), g.multiply(x, 3)), g.exp(x)))
    const [dx] = evaluate(g.gradients(loss, [x]), { inputs: { x: [0, 1] } })
    expect([...dx!]).toEqual([4, 5 + Math.E])
  })

  it('reach through a residual block with shared parameters', () => {
    const error = checkGradient(
      ([x, w, scale]) => {
        const block = (y: g.SymbolicTensor) => {
          const normalized = g.batchNormTrain(g.conv2d(y, w!, { padding: 1 }), scale!, g.vector([0.1, 0.2])).y
          return g.add(y, g.silu(normalized))
        }
        return g.globalAveragePool(block(block(x!)))
      },
      [[2, 3, 3, 2], [2, 2, 3, 3], [2]],
    )
    expect(error).toBeLessThan(1e-6)
  })

  it('are gradients of gradients too', () => {
    const x = g.input('x', [3])
    const [dx] = g.gradients(g.sum(g.power(x, 3)), [x])
    const [second] = evaluate(g.gradients(g.sum(dx!), [x]), { inputs: { x: [1, 2, -3] } })
    expect([...second!]).toEqual([6, 12, -18])
  })

  it('are zeros, and nothing else, where the loss does not depend on the variable', () => {
    const [x, unused] = [g.input('x', [2]), g.input('unused', [2, 3])]
    const [zero] = g.gradients(g.sum(x), [unused])
    expect(opsOf([zero!])).toEqual(['constant'])
    expect([...evaluate([zero!])[0]!]).toEqual([0, 0, 0, 0, 0, 0])
  })

  it('build nothing for a frozen part', () => {
    const x = g.input('x', [1, 6, 6, 2])
    const frozen = g.state('stem.weight', [4, 2, 3, 3])
    const head = g.state('head.weight', [2, 4])
    const features = g.maxPool2d(g.relu(g.conv2d(x, frozen)), { size: 2 })
    const loss = g.sum(g.dense(g.globalAveragePool(features), head))

    const ops = opsOf(g.gradients(loss, [head]))
    expect(ops).not.toContain('conv2dFilterGradient')
    expect(ops).not.toContain('conv2dInputGradient')
    expect(ops).not.toContain('maxPool2dGradient')
  })

  it('build no gradient to the image for a first convolution', () => {
    const weight = g.state('stem.weight', [4, 2, 3, 3])
    const loss = g.sum(g.conv2d(g.input('x', [1, 6, 6, 2]), weight))
    const ops = opsOf(g.gradients(loss, [weight]))
    expect(ops).toContain('conv2dFilterGradient')
    expect(ops).not.toContain('conv2dInputGradient')
  })

  it.each([
    ['stopGradient', g.stopGradient],
    ['sign', g.sign],
    ['a comparison', (x: g.SymbolicTensor) => g.cast(g.greater(x, 0), 'float32')],
    ['a whole number', (x: g.SymbolicTensor) => g.cast(g.cast(x, 'int32'), 'float32')],
  ])('do not flow through %s', (_, stop) => {
    const x = g.input('x', [2])
    const loss = g.sum(g.multiply(stop(x), x))
    const [dx, value] = evaluate([...g.gradients(loss, [x]), stop(x)], { inputs: { x: [2, -3] } })
    expect(dx).toEqual(value)
    expect(opsOf(g.gradients(g.sum(g.exp(stop(x))), [x]))).toEqual(['constant'])
  })

  it('pass a gradient-less op that the variables do not reach', () => {
    const [x, w] = [g.input('x', [1, 4, 4, 1]), g.input('w', [1])]
    const pooled = g.maxPool2d(x, { size: 2 })
    const [dx] = g.gradients(g.sum(pooled), [x])
    expect(() => g.gradients(g.sum(g.multiply(g.stopGradient(dx!), w)), [x, w])).not.toThrow()
  })

  it('name the op that has none', () => {
    const x = g.input('x', [4, 2])
    const scale = g.state('layer1.bn1.weight', [2])
    const { y } = g.batchNormTrain(x, scale, g.state('layer1.bn1.bias', [2]))
    const [dx, dscale] = g.gradients(g.sum(g.multiply(y, y)), [x, scale])
    for (const gradient of [dx!, dscale!]) {
      expect(() => g.gradients(g.sum(gradient), [x])).toThrow(
        expect.objectContaining({
          code: 'E_NOT_DIFFERENTIABLE',
          message: expect.stringMatching(
            /batchNormTrainGradient at layer1\.bn1 has no gradient.*stopGradient/,
          ),
        }),
      )
    }
  })

  it('refuse a loss that is not a scalar', () => {
    const x = g.input('x', [1])
    expect(() => g.gradients(x, [x])).toThrow(/must be a scalar, but has shape \[1\].*mean or sum/)
  })

  it('cross a chain of 20,000 nodes', () => {
    const x = g.input('x', [])
    let y = x
    for (let i = 0; i < 20_000; i++) y = g.negate(y)
    const [value, slope] = evaluate([y, ...g.gradients(y, [x])], { inputs: { x: [1] } })
    expect([value![0], slope![0]]).toEqual([1, 1])
  })
})
