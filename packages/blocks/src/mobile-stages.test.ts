import { expect, test } from 'vitest'
import type { MobileLayers, MobileStagesOptions } from './mobile-stages.js'
import { mobileStages } from './mobile-stages.js'
import { traceLayer } from './testing/trace-layer.js'

const block = 'depthwise-separable'
const trace = (options: Omit<MobileStagesOptions, 'block'>) =>
  traceLayer((net, x) => mobileStages(net.scope('blocks'), x, { block, ...options }), { mode: 'train' })
/** Filters of each stage's layers. */
const filters = ({ state }: ReturnType<typeof trace>) =>
  [...state].flatMap(([name, { tensor }]) => (name.endsWith('conv_pw.weight') ? [tensor.shape[0]] : []))

const stages: MobileLayers[][] = [
  [{ filters: 8 }],
  [
    { filters: 16, strides: 2 },
    { layers: 3, filters: 24 },
  ],
  [{ filters: 32 }],
]

test('repeats layers, strides in the first of each stage', () => {
  const traced = trace({ stages })
  expect(filters(traced)).toEqual([8, 16, 24, 24, 24, 32])
  expect([...traced.features].map(([name, { shape }]) => [name, ...shape])).toEqual([
    ['blocks.0', 2, 8, 8, 8],
    ['blocks.2', 2, 4, 4, 32],
  ])
})

test('scales width and depth', () => {
  expect(filters(trace({ stages, widthMultiplier: 2 }))).toEqual([16, 32, 48, 48, 48, 64])
  expect(filters(trace({ stages, depthMultiplier: 1.5 }))).toEqual([8, 8, 16, 16, 24, 24, 24, 24, 32, 32])
  expect(filters(trace({ stages, depthMultiplier: 1.5, fixedEnds: true }))).toEqual([
    8, 16, 16, 24, 24, 24, 24, 32,
  ])
})

test('rounds a stage’s share half to even, as timm does', () => {
  const rows = [{ filters: 8 }, { filters: 16 }, { layers: 2, filters: 24 }]
  expect(filters(trace({ stages: [rows], depthMultiplier: 1.2 }))).toEqual([8, 16, 16, 24, 24])
})

test('raises stochastic depth linearly from the first block', () => {
  const traced = trace({ stages: [[{ layers: 4, filters: 3 }]], dropPathRate: 0.4 })
  const rates = [...traced.masks].map(([name, { node }]) => [
    name,
    node.op === 'input' && Math.round(100 * (1 - (node.attributes.fill?.keep ?? 1))),
  ])
  expect(rates).toEqual([1, 2, 3].map((i) => [`blocks.0.${i}.drop_path.mask`, 10 * i]))
})

test('takes a block of another kind with its options', () => {
  const row = { block: 'conv-norm-act', filters: 8, kernelSize: 1, options: { names: ['conv', 'bn1'] } }
  expect([...trace({ stages: [[row]] }).state.keys()].slice(0, 2)).toEqual([
    'blocks.0.0.conv.weight',
    'blocks.0.0.bn1.weight',
  ])
})
