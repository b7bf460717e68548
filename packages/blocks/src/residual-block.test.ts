import { describe, expect, test } from 'vitest'
import { basicBlock } from './basic-block.js'
import { bottleneck } from './bottleneck.js'
import { evaluateLayer, stateShapes, traceLayer } from './testing/trace-layer.js'

const blocks = [
  ['basic', basicBlock, 8],
  ['bottleneck', bottleneck, 32],
] as const

describe.each(blocks)('%s', (_, block, channels) => {
  test.each([
    [{ filters: 8 }, [2, 8, 8, channels]],
    [{ filters: 8, strides: 2 }, [2, 4, 4, channels]],
    [{ filters: 8, strides: 2, dilation: 2 }, [2, 4, 4, channels]],
    [{ filters: 8, strides: 2, shortcut: 'zero-pad' as const }, [2, 4, 4, channels]],
  ])('%j', (options, shape) => {
    expect(traceLayer((net, x) => block(net, x, options)).logits.shape).toEqual(shape)
  })

  test('starts as its shortcut', () => {
    const traced = traceLayer((net, x) => block(net, x, { filters: 8, shortcut: 'zero-pad' }), {
      shape: [1, 2, 2],
    })
    const [y = []] = evaluateLayer(traced, [traced.logits])
    const pixels = (at: number) => [0, 37, 74].map((_, c) => ((3 * at + c) * 37) % 256)
    expect(y.slice(0, channels).map(Math.round)).toEqual([...pixels(0), ...new Array(channels - 3).fill(0)])
    expect(y.slice(channels, channels + 3).map(Math.round)).toEqual(pixels(1))
  })

  test('has attention after the last batch-norm, before the projection', () => {
    const traced = traceLayer((net, x) => block(net, x, { filters: 8, attention: 'squeeze-excite' }))
    const layers = [...traced.state.keys()].map((name) => name.slice(0, name.lastIndexOf('.')))
    const last = block === basicBlock ? 'bn2' : 'bn3'
    expect([...new Set(layers)].slice(-5)).toEqual([last, 'se.fc1', 'se.fc2', 'downsample.0', 'downsample.1'])
  })
})

test('a bottleneck has groups and a width of its own (ResNeXt 32×4d)', () => {
  const traced = traceLayer((net, x) => bottleneck(net, x, { filters: 64, cardinality: 32, baseWidth: 4 }))
  expect(stateShapes(traced)).toMatchObject({
    'conv1.weight': [128, 3, 1, 1],
    'conv2.weight': [128, 4, 3, 3],
    'conv3.weight': [256, 128, 1, 1],
  })
})
