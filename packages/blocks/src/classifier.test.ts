import { globalAveragePool } from '@convkit/graph'
import { expect, test } from 'vitest'
import { classifier } from './classifier.js'
import { stateShapes, traceLayer } from './testing/trace-layer.js'

test('classifies maps and pooled features', () => {
  for (const pooled of [false, true]) {
    const traced = traceLayer((net, x) => classifier(net.scope('head'), pooled ? globalAveragePool(x) : x))
    expect(traced.logits.shape).toEqual([2, 5])
    expect(stateShapes(traced)).toEqual({ 'head.fc.weight': [5, 3], 'head.fc.bias': [5] })
  }
})

test('gives pooled features when there are no classes', () => {
  const traced = traceLayer((net, x) => classifier(net, x), { classes: 0 })
  expect(traced.logits.shape).toEqual([2, 3])
  expect(traced.state.size).toBe(0)
})

test('has hidden layers, unless there are no classes', () => {
  const hidden = [{ units: 4 }, { units: 6, activation: 'tanh' }] as const
  const traced = traceLayer((net, x) => classifier(net.scope('head'), x, { hidden }))
  expect(stateShapes(traced)).toEqual({
    'head.hidden.0.weight': [4, 3],
    'head.hidden.0.bias': [4],
    'head.hidden.1.weight': [6, 4],
    'head.hidden.1.bias': [6],
    'head.fc.weight': [5, 6],
    'head.fc.bias': [5],
  })
  expect(traceLayer((net, x) => classifier(net, x, { hidden }), { classes: 0 }).logits.shape).toEqual([2, 3])
})

test('drops features before a layer of another name', () => {
  const traced = traceLayer((net, x) => classifier(net, x, { dropRate: 0.2, name: 'output' }), {
    mode: 'train',
  })
  expect(traced.masks.get('drop.mask')?.shape).toEqual([2, 3])
  expect([...traced.state.keys()]).toEqual(['output.weight', 'output.bias'])
})
