import { lowerProgram } from '@convkit/engine-tensorflow'
import { input, mean } from '@convkit/graph'
import { expect, it } from 'vitest'
import { splitMeans } from './split-means.js'

it('a mean of an image is one of its columns, then one of its rows', () => {
  const x = input('x', [1, 4, 6, 2])
  const infer = { inputs: { x }, outputs: { y: mean(x, { axes: [1, 2] }) }, updates: {} }
  const { nodes } = lowerProgram({ state: {}, signatures: { infer } })
  const split = splitMeans(nodes)
  const [first, second, ...others] = split.filter(({ op }) => op === 'Mean')
  const [whole] = nodes.filter(({ op }) => op === 'Mean')
  const constantOf = (name = '') => split.find((node) => node.name === name)?.attributes.value
  expect(others).toEqual([])
  expect(first?.inputs[0]).toBe(whole?.inputs[0])
  expect(constantOf(first?.inputs[1])).toMatchObject({ tensor: { data: Int32Array.of(2) } })
  expect(second?.inputs[0]).toBe(first?.name)
  expect(constantOf(second?.inputs[1])).toMatchObject({ tensor: { data: Int32Array.of(1) } })
  expect(second?.name).toBe(whole?.name)
})
