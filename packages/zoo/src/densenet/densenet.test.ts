import { topologicalOrder } from '@convkit/graph'
import { expect, test } from 'vitest'
import { traceModel } from '../testing/trace-model.js'

test.each([
  ['PyTorch’s epsilon', {}, 1e-5],
  ['another one', { norm: { epsilon: 1e-3 } }, 1e-3],
])('all batch-norms have %s', (_, config, epsilon) => {
  const { logits } = traceModel('densenet121', { config })
  const epsilons = topologicalOrder([logits]).flatMap((node) =>
    node.op === 'batchNormInfer' ? [node.attributes.epsilon] : [],
  )
  expect(epsilons).toEqual(new Array(121).fill(epsilon))
})
