import { describe, expect, test } from 'vitest'
import { highwayConv, highwayDense } from './highway.js'
import { evaluateLayer, stateShapes, traceLayer } from './testing/trace-layer.js'

const shape = [1, 1, 2] as const
/** What `traceLayer` puts in: two pixels of three channels. */
const pixels = [0, 37, 74, 111, 148, 185]
const ofPixels = (change: (value: number, channel: number) => number) =>
  pixels.map((value, i) => expect.closeTo(change(value, i % 3), 2))

describe.each([
  ['highway-conv', highwayConv, [3, 3, 1, 1], { kernelSize: 1 }],
  ['highway-dense', highwayDense, [3, 3], {}],
] as const)('%s', (_, block, weightShape, options) => {
  const layer = (extra: object = {}) =>
    traceLayer((net, x) => block(net.scope('highway'), x, { ...options, ...extra }), { shape })
  const evaluate = (traced: ReturnType<typeof layer>, gate: readonly number[]) => {
    const state = {
      // H(x) = relu(x with its first channel in place of all)
      'highway.transform.weight': [1, 0, 0, 1, 0, 0, 1, 0, 0],
      'highway.gate.weight': new Array(9).fill(0),
      'highway.gate.bias': gate,
    }
    return evaluateLayer(traced, [traced.logits], state)[0]
  }

  test('has a transform and a gate', () => {
    expect(stateShapes(layer())).toEqual({
      'highway.transform.weight': weightShape,
      'highway.transform.bias': [3],
      'highway.gate.weight': weightShape,
      'highway.gate.bias': [3],
    })
  })

  test('carries where the gate is closed and transforms where it is open', () => {
    const first = (channel: number) => (value: number) => value - 37 * channel
    const y = evaluate(layer(), [-50, 50, 0])
    expect(y).toEqual(
      ofPixels((value, c) => {
        const transformed = first(c)(value)
        return [value, transformed, (value + transformed) / 2][c] ?? Number.NaN
      }),
    )
  })

  test.each([
    [undefined, -1],
    [-3, -3],
  ])('starts with a gate bias of %s as %i', (gateBias, bias) => {
    const { state } = layer({ gateBias })
    const entry = state.get('highway.gate.bias')
    const stream = { uint32: () => 0, uniform: () => 0, normal: () => 0 }
    expect([...(entry?.initializer([3], stream as never) ?? [])]).toEqual([bias, bias, bias])
  })

  test('carries everything where stochastic depth skips it', () => {
    const traced = traceLayer((net, x) => block(net, x, { ...options, dropPathRate: 0.5 }), {
      shape,
      mode: 'train',
    })
    const [y] = evaluateLayer(traced, [traced.logits], {}, { 'drop_path.mask': [0] })
    expect(y).toEqual(ofPixels((value) => value))
  })
})
