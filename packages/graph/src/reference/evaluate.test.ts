import { describe, expect, it } from 'vitest'
import * as g from '../index.js'
import { evaluate } from '../reference.js'

describe('evaluate', () => {
  it('computes in float64', () => {
    const [third] = evaluate([g.divide(g.input('x', []), 3)], { inputs: { x: [1] } })
    expect(third![0]).toBe(1 / 3)
  })

  it('computes a shared node once, however often it is used', () => {
    let y = g.input('x', [])
    for (let i = 0; i < 60; i++) y = g.add(y, y)
    const [value] = evaluate([y], { inputs: { x: [1] } })
    expect(value![0]).toBe(2 ** 60)
  })

  it('gives several tensors in their order, and each output of a node', () => {
    const x = g.input('x', [2, 1])
    const { mean, variance } = g.batchNormTrain(x, g.vector([1]), g.vector([0]))
    const values = evaluate([variance, x, mean], { inputs: { x: [1, 5] } })
    expect(values.map((value) => [...value])).toEqual([[4], [1, 5], [3]])
  })

  it('needs only the values that the tensors depend on', () => {
    const [x, y] = [g.input('x', []), g.input('y', [])]
    g.add(x, y)
    expect(evaluate([g.exp(x)], { inputs: { x: [0] } })[0]![0]).toBe(1)
  })

  it.each([
    [{}, /evaluate: x of shape \[2\] has no value; pass 2 numbers as values\.inputs\["x"\]/],
    [
      { inputs: { x: [1] } },
      /evaluate: x of shape \[2\] has 1 values; pass 2 numbers as values\.inputs\["x"\]/,
    ],
    [
      { inputs: { x: [1, 2] } },
      /evaluate: fc\.bias of shape \[2\] has no value; pass 2 numbers as values\.state\["fc\.bias"\]/,
    ],
  ])('says which value is missing', (values, message) => {
    const y = g.add(g.input('x', [2]), g.state('fc.bias', [2]))
    expect(() => evaluate([y], values)).toThrow(
      expect.objectContaining({ code: 'E_FEED', message: expect.stringMatching(message) }),
    )
  })
})
