import { lowerSignature } from '@convkit/engine-onnx'
import { input, multiply, reshape, type SymbolicTensor, slice } from '@convkit/graph'
import { expect, it } from 'vitest'
import { dynamicBatch } from './dynamic-batch.js'

/** The constant sizes in the graph for any batch of what a function computes of `[n, 2, 6]`. */
function sizesOf(compute: (x: SymbolicTensor, n: number) => SymbolicTensor) {
  const [graph, other] = [5, 7].map((n) => {
    const x = input('x', [n, 2, 6])
    const infer = { inputs: { x }, outputs: { y: compute(x, n) }, updates: {} }
    return lowerSignature({ state: {}, signatures: { infer } }, 'infer').graph
  }) as [ReturnType<typeof lowerSignature>['graph'], ReturnType<typeof lowerSignature>['graph']]
  const { nodes, initializers } = dynamicBatch(graph, other)
  return nodes.map(({ op, inputs }) => [
    op,
    ...inputs.flatMap((name) => {
      const value = initializers.get(name)
      return value?.dtype === 'int64' ? [[...value.data].map(Number)] : []
    }),
  ])
}

it('leaves the size that depends on the batch to the runtime', () => {
  expect(sizesOf((x, n) => reshape(x, [n, 3, 4]))).toEqual([['Reshape', [-1, 3, 4]]])
  expect(sizesOf((x, n) => reshape(x, [2 * n, 6]))).toEqual([['Reshape', [-1, 6]]])
  const [[op, starts, ends] = []] = sizesOf((x, n) => slice(x, [0, 1, 2], [n, 1, 3]))
  expect([op, starts, ends]).toEqual(['Slice', [0, 1, 2], [2 ** 63, 2, 5]])
})

it('refuses what depends on the batch in another way', () => {
  expect(() => sizesOf((x, n) => slice(x, [n - 1, 0, 0], [1, 2, 6]))).toThrow(
    'cannot take batches of any size: Slice in it depends on the batch',
  )
  expect(() => sizesOf((x, n) => multiply(x, n))).toThrow('Mul in it depends on the batch')
})
