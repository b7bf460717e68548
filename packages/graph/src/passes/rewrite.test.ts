import { describe, expect, it } from 'vitest'
import {
  abs,
  add,
  exp,
  input,
  negate,
  relu,
  rewrite,
  type SymbolicTensor,
  state,
  topologicalOrder,
} from '../index.js'

const ops = (x: SymbolicTensor) => topologicalOrder([x]).map(({ op }) => op)

describe('rewrite', () => {
  const x = input('x', [2])
  const kept = exp(x)
  const y = add(relu(add(negate(x), state('bias', [2]))), kept)

  it('gives the same tensors when nothing is replaced', () => {
    expect(rewrite([y, kept], () => undefined)).toEqual([y, kept])
    expect(rewrite([y], () => undefined)[0]).toBe(y)
  })

  it('makes what depends on a replacement anew and shares the rest', () => {
    const [result] = rewrite([y], (node, [a]) => (node.op === 'negate' && a ? [abs(a)] : undefined)) as [
      typeof y,
    ]
    expect(ops(result)).toEqual(['input', 'abs', 'state', 'add', 'relu', 'exp', 'add'])
    expect(result.node.inputs[1]).toBe(kept)
    expect(ops(y)).toContain('negate')
  })

  it('keeps the scopes', () => {
    const inner = relu(add(negate(x), state('layer1.bias', [2])))
    const [result] = rewrite([inner], (node, [a]) => (node.op === 'add' && a ? [exp(a)] : undefined)) as [
      typeof y,
    ]
    expect(result.node.scope).toBe('layer1')
  })

  it('hands the replaced inputs on', () => {
    const twice = (x: SymbolicTensor) => negate(negate(x))
    const [result] = rewrite([exp(twice(twice(x)))], (node, [a]) => {
      if (node.op !== 'negate' || a?.node.op !== 'negate') return undefined
      return [a.node.inputs[0] as SymbolicTensor]
    }) as [typeof y]
    expect(ops(result)).toEqual(['input', 'exp'])
  })
})
