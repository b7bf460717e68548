import { floatTensor } from '@convkit/core'
import { add, input, multiply, relu, state, topologicalOrder } from '@convkit/graph'
import { evaluate } from '@convkit/graph/reference'
import { expect, it } from 'vitest'
import { foldConstants } from './fold-constants.js'

const weights = new Map(
  ['a', 'b', 'c'].map((name, i) => [name, floatTensor([2], Float32Array.of(i + 1, 10 * (i + 1)))]),
)
const [a, b, c] = ['a', 'b', 'c'].map((name) => state(name, [2])) as [never, never, never]
const x = input('x', [2])

const names = (tensors: Parameters<typeof topologicalOrder>[0]) =>
  topologicalOrder(tensors).flatMap((node) => (node.op === 'state' ? [node.attributes.name] : []))

it('computes what follows from weights alone, under the name of the first of them', () => {
  const y = relu(multiply(x, add(multiply(a, b), c)))
  const { tensors, weight } = foldConstants([y], weights)
  expect(topologicalOrder(tensors).map(({ op }) => op)).toEqual(['input', 'state', 'multiply', 'relu'])
  expect(names(tensors)).toEqual(['a'])
  expect([...weight('a').data]).toEqual([1 * 2 + 3, 10 * 20 + 30])
  const inputs = { x: [1, -1] }
  const [before] = evaluate([y], { inputs, state: { a: [1, 10], b: [2, 20], c: [3, 30] } })
  expect(evaluate(tensors, { inputs, state: { a: weight('a').data } })).toEqual([before])
})

it('a weight that is also read as it is keeps its name', () => {
  const { tensors, weight } = foldConstants([add(multiply(x, a), multiply(a, b))], weights)
  expect(names(tensors)).toEqual(['a', 'a.1'])
  expect([...weight('a').data, ...weight('a.1').data]).toEqual([1, 10, 2, 200])
})
