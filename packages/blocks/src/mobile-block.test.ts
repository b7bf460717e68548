import { describe, expect, test } from 'vitest'
import { depthwiseSeparable } from './depthwise-separable.js'
import { invertedResidual } from './inverted-residual.js'
import { evaluateLayer, stateShapes, traceLayer } from './testing/trace-layer.js'

const blocks = [
  ['depthwise-separable', depthwiseSeparable],
  ['inverted-residual', invertedResidual],
] as const

describe.each(blocks)('%s', (_, block) => {
  test.each([
    [{ filters: 8 }, [2, 8, 8, 8]],
    [{ filters: 16, strides: 2, kernelSize: 5 }, [2, 4, 4, 16]],
    [{ filters: 16, strides: 2, padding: 'same' as const }, [2, 4, 4, 16]],
  ])('%j', (options, shape) => {
    expect(traceLayer((net, x) => block(net, x, options)).logits.shape).toEqual(shape)
  })

  test('pads otherwise where it strides, if asked to', () => {
    const shapes = [1, 2].map((strides) => {
      const options = { filters: 8, strides, padding: 'same', stridedPadding: [0, 1, 0, 1] } as const
      return traceLayer((net, x) => block(net, x, options), { shape: [2, 9, 9] }).logits.shape
    })
    // TensorFlow's rule alone would give 5×5.
    expect(shapes).toEqual([
      [2, 9, 9, 8],
      [2, 4, 4, 8],
    ])
  })

  test('adds its input where shapes agree, and stochastic depth with it', () => {
    const masks = (options: Parameters<typeof block>[2]) => [
      ...traceLayer((net, x) => block(net, x, options), { mode: 'train' }).masks.keys(),
    ]
    expect(masks({ filters: 3, dropPathRate: 0.2 })).toEqual(['drop_path.mask'])
    expect(masks({ filters: 3, dropPathRate: 0.2, strides: 2 })).toEqual([])
    expect(masks({ filters: 8, dropPathRate: 0.2 })).toEqual([])
    expect(masks({ filters: 3, dropPathRate: 0.2, residual: false })).toEqual([])
  })

  test('ends linear, or in its activation without a residual', () => {
    const smallest = (residual: boolean) => {
      const traced = traceLayer((net, x) => block(net, x, { filters: 16, residual }))
      return Math.min(...(evaluateLayer(traced, [traced.logits])[0] ?? []))
    }
    expect(smallest(true)).toBeLessThan(0)
    expect(smallest(false)).toBe(0)
  })
})

test('an inverted residual has timm’s names and rounded widths', () => {
  const squeezeExcite = { ratio: 0.25, of: 'depthwise' } as const
  const traced = traceLayer((net, x) =>
    invertedResidual(net, x, { filters: 16, expansion: 24, squeezeExcite }),
  )
  expect(stateShapes(traced)).toMatchObject({
    'conv_pw.weight': [72, 3, 1, 1],
    'conv_dw.weight': [72, 1, 3, 3],
    'bn2.running_var': [72],
    'se.conv_reduce.weight': [24, 72, 1, 1],
    'se.conv_expand.bias': [72],
    'conv_pwl.weight': [16, 72, 1, 1],
    'bn3.weight': [16],
  })
})

test('squeeze-and-excitation may be a share of the block’s input', () => {
  const traced = traceLayer((net, x) =>
    invertedResidual(net, x, { filters: 16, squeezeExcite: { ratio: 2 / 3 } }),
  )
  expect(stateShapes(traced)['se.conv_reduce.weight']).toEqual([2, 24, 1, 1])
})
