import { describe, expect, it } from 'vitest'
import { nchwc } from '../lowering/nchwc.js'
import { graphBuilder } from '../onnx/graph-builder.js'
import { fuse } from './fuse.js'

const shape = [1, 16, 4, 4]

/** Builds a graph whose values all have the same shape, and lists its ops after fusion. */
function fused(
  build: (g: {
    convolution(x: string): string
    op(name: string, ...inputs: string[]): string
    x: string
  }) => string[],
) {
  const graph = graphBuilder()
  const declared = (name: string) => {
    graph.declare(name, shape)
    return name
  }
  const filter = graph.number(1, [16, 16, 1, 1])
  const x = graph.input('x', 'float32', shape)
  const values = build({
    x,
    convolution: (input) => declared(graph.add(nchwc('Conv'), [input, filter], { kernel_shape: [1, 1] })),
    op: (name, ...inputs) => declared(graph.add(name, inputs)),
  })
  const finished = graph.finish(values.map((value, i) => ({ name: `y${i}`, value, dtype: 'float32', shape })))
  return fuse(finished).nodes
}

describe('fusion', () => {
  it('puts a sum and an activation into the convolution before them', () => {
    const nodes = fused(({ x, convolution, op }) => [op('Relu', op('Add', x, convolution(x)))])
    expect(nodes).toMatchObject([
      {
        op: 'Conv',
        inputs: ['x', 'constant_0', '', 'x'],
        outputs: ['y0'],
        attributes: { activation: 'Relu' },
      },
    ])
  })

  it('of two convolutions that are added takes the later one, and runs it last', () => {
    const nodes = fused(({ x, convolution, op }) => {
      const first = convolution(x)
      return [op('Add', convolution(op('Exp', x)), first)]
    })
    expect(nodes.map(({ op }) => op)).toEqual(['Conv', 'Exp', 'Conv'])
    expect(nodes[2]?.inputs[3]).toBe(nodes[0]?.outputs[0])
  })

  it.each<[string, Parameters<typeof fused>[0]]>([
    [
      'is read elsewhere',
      ({ x, convolution, op }) => [op('Add', convolution(x), x), op('Exp', convolution(x))],
    ],
    ['is an output', ({ x, convolution, op }) => [op('Relu', convolution(x)), convolution(x)]],
    ['is added to itself', ({ x, convolution, op }) => [op('Add', convolution(x), convolution(x))]],
  ])('leaves a convolution that %s', (_, build) => {
    const nodes = fused(build)
    expect(nodes.filter(({ op }) => op === 'Conv')).toHaveLength(1)
    expect(nodes).toHaveLength(nodes.some(({ op }) => op === 'Exp') ? 3 : 2)
  })

  it('adds no second sum, and nothing after an activation', () => {
    const nodes = fused(({ x, convolution, op }) => {
      const sum = op('Add', op('Add', convolution(x), x), op('Exp', x))
      return [sum, op('Add', op('Relu', convolution(sum)), x)]
    })
    expect(nodes.map(({ op }) => op)).toEqual(['Conv', 'Exp', 'Add', 'Conv', 'Add'])
  })

  it('adds only values of the same shape', () => {
    const nodes = fused(({ x, convolution, op }) => [op('Add', convolution(x), 'scalar')])
    expect(nodes.map(({ op }) => op)).toEqual(['Conv', 'Add'])
  })
})
