import { expect, test } from 'vitest'
import { layerNorm } from './layer-norm.js'
import { evaluateLayer, stateShapes, traceLayer } from './testing/trace-layer.js'

test('normalises each position over its channels', () => {
  const traced = traceLayer((net, x) => layerNorm(net.scope('norm'), x), { shape: [1, 1, 2] })
  expect(stateShapes(traced)).toEqual({ 'norm.weight': [3], 'norm.bias': [3] })
  const [y = []] = evaluateLayer(traced, [traced.logits], {
    'norm.weight': [1, 2, 1],
    'norm.bias': [0, 0, 5],
  })
  // 0, 37, 74 and then 111, 148, 185: the mean is the middle one, √(2/3) · 37 the deviation.
  const step = Math.sqrt(3 / 2)
  for (const [i, value] of [-step, 0, 5 + step, -step, 0, 5 + step].entries())
    expect(y[i]).toBeCloseTo(value, 4)
})
