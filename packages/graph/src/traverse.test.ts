import { describe, expect, it } from 'vitest'
import {
  add,
  constant,
  exp,
  input,
  multiply,
  negate,
  type SymbolicTensor,
  topologicalOrder,
} from './index.js'

describe('topologicalOrder', () => {
  it('has inputs before users and each node once', () => {
    const x = input('x', [])
    const [a, b] = [exp(x), negate(x)]
    const y = add(multiply(a, b), a)
    const order = topologicalOrder([y, a])
    expect(order).toHaveLength(5)
    expect(order.at(-1)).toBe(y.node)
    for (const [position, node] of order.entries()) {
      for (const { node: before } of node.inputs) expect(order.indexOf(before)).toBeLessThan(position)
    }
  })

  it('leaves out what the tensors do not depend on', () => {
    const x = input('x', [])
    const y = exp(x)
    negate(y)
    expect(topologicalOrder([y]).map(({ op }) => op)).toEqual(['input', 'exp'])
    expect(topologicalOrder([])).toEqual([])
  })

  it('does not overflow on a deep chain, nor blow up on shared inputs', () => {
    let y: SymbolicTensor = constant(1)
    for (let i = 0; i < 20_000; i++) y = add(y, y)
    expect(topologicalOrder([y])).toHaveLength(20_001)
  })
})
