import { expect, test } from 'vitest'
import { convnextBlock } from './convnext-block.js'
import { evaluateLayer, stateShapes, traceLayer } from './testing/trace-layer.js'

test.each([
  [false, [12, 3]],
  [true, [12, 3, 1, 1]],
])('has timm’s names and order (convMlp %s)', (convMlp, wide) => {
  const traced = traceLayer((net, x) => convnextBlock(net, x, { convMlp }))
  expect(traced.logits.shape).toEqual([2, 8, 8, 3])
  expect(Object.keys(stateShapes(traced))[0]).toBe('gamma')
  expect(stateShapes(traced)).toEqual({
    gamma: [3],
    'conv_dw.weight': [3, 1, 7, 7],
    'conv_dw.bias': [3],
    'norm.weight': [3],
    'norm.bias': [3],
    'mlp.fc1.weight': wide,
    'mlp.fc1.bias': [12],
    'mlp.fc2.weight': wide.with(0, 3).with(1, 12),
    'mlp.fc2.bias': [3],
  })
})

test('computes the same with filters as with dense layers', () => {
  const [dense, filters] = [false, true].map((convMlp) => {
    const traced = traceLayer((net, x) => convnextBlock(net, x, { convMlp, layerScale: 1 }))
    return evaluateLayer(traced, [traced.logits])[0] ?? []
  })
  expect(filters?.length).toBe(2 * 8 * 8 * 3)
  for (const [i, value] of (filters ?? []).entries()) expect(value).toBeCloseTo(dense?.[i] ?? Number.NaN, 4)
})

test('starts next to the identity, and may be skipped', () => {
  const traced = traceLayer((net, x) => convnextBlock(net, x, { dropPathRate: 0.1 }), {
    mode: 'train',
    shape: [1, 1, 1],
  })
  const [y] = evaluateLayer(traced, [traced.logits], {}, { 'drop_path.mask': [1] })
  for (const [c, pixel] of [0, 37, 74].entries()) expect(y?.[c]).toBeCloseTo(pixel, 4)
  expect(traced.masks.get('drop_path.mask')?.shape).toEqual([1, 1, 1, 1])
})
