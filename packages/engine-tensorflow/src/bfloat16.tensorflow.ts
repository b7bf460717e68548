import { type Engine, floatTensor, random } from '@convkit/core'
import { relativeDifference } from '@convkit/core/testing'
import {
  type Conv2dOptions,
  conv2d,
  gradients,
  input,
  matmul,
  multiply,
  type Shape,
  type SymbolicTensor,
  sizeOf,
  sum,
} from '@convkit/graph'
import { beforeAll, expect, test } from 'vitest'
import { tensorflowEngine } from './engine.js'
import { runnerFor } from './runners.js'
import { createSession } from './session.js'

/** Image, filter and options. */
const convolutions: Record<string, [Shape, Shape, Conv2dOptions?]> = {
  '3x3': [[2, 12, 12, 16], [32, 16, 3, 3], { padding: 1 }],
  '3x3, stride 2': [[2, 12, 12, 16], [32, 16, 3, 3], { padding: 1, strides: 2 }],
  '1x1': [
    [2, 12, 12, 16],
    [32, 16, 1, 1],
  ],
  '1x1, stride 2': [[2, 12, 12, 16], [32, 16, 1, 1], { strides: 2 }],
  '1x1 of 15 channels': [
    [2, 12, 12, 15],
    [16, 15, 1, 1],
  ],
  grey: [[2, 12, 12, 1], [16, 1, 3, 3], { padding: 1 }],
  '7x7 of colours, stride 2': [[2, 24, 24, 3], [16, 3, 7, 7], { padding: 3, strides: 2 }],
  '17 filters': [[2, 12, 12, 16], [17, 16, 3, 3], { padding: 1 }],
  'two groups of 15': [[2, 12, 12, 30], [10, 15, 3, 3], { padding: 1, groups: 2 }],
  depthwise: [[2, 12, 12, 16], [16, 1, 3, 3], { padding: 1, groups: 16 }],
  'depthwise, 15 channels, stride 2': [
    [2, 12, 12, 15],
    [15, 1, 5, 5],
    { padding: 2, strides: 2, groups: 15 },
  ],
  'dilation 2': [[2, 12, 12, 16], [16, 16, 3, 3], { padding: 2, dilations: 2 }],
}

let exact: Engine
let close: Engine
beforeAll(async () => {
  exact = await tensorflowEngine({ threads: 1 })
  close = await tensorflowEngine({ threads: 1, precision: 'bfloat16' })
})

test.each(Object.entries(convolutions))(
  'a convolution and its gradients: %s',
  async (_, [image, filter, options]) => {
    await compare({ x: image, w: filter }, ({ x, w }) => conv2d(x!, w!, options))
  },
)

test('a matrix product and its gradients', async () => {
  const differences = await compare({ a: [7, 33], b: [33, 5] }, ({ a, b }) => matmul(a!, b!))
  // and not float32 by mistake
  for (const difference of differences) expect(difference).toBeGreaterThan(2 ** -12)
})

test('factors that are rounded, as everywhere without AVX-512', async () => {
  const runner = await runnerFor({ threads: 1, device: 'cpu', precision: 'float32' })
  const load: Engine['load'] = (program) =>
    createSession(runner, program, { products: 'rounded to bfloat16' })
  const [image, filter, options] = convolutions['3x3']!
  const build: Build = ({ x, w }) => conv2d(x!, w!, options)
  const differences = await compare({ x: image, w: filter }, build, { ...close, load })
  // and not float32 by mistake
  for (const difference of differences) expect(difference).toBeGreaterThan(2 ** -12)
})

type Build = (factors: Readonly<Record<string, SymbolicTensor>>) => SymbolicTensor

/** Runs an op and its gradients in both precisions: they differ by no more than roundings. @returns by how much. */
async function compare(shapes: Readonly<Record<string, Shape>>, build: Build, engine = close) {
  const factors = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, input(name, shape)]),
  )
  const y = build(factors)
  const weight = input('weight', y.shape)
  const slopes = gradients(sum(multiply(y, weight)), Object.values(factors))
  const outputs = Object.fromEntries([
    ['y', y],
    ...Object.keys(factors).map((name, i) => [`d${name}`, slopes[i]!]),
  ])
  const inputs = { ...factors, weight }
  const run = async (engine: Engine) => {
    const session = await engine.load({ state: {}, signatures: { main: { inputs, outputs, updates: {} } } })
    const result = await session.run(
      'main',
      Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, draw(name, shape)])),
    )
    await session.dispose()
    return result
  }
  const [expected, actual] = [await run(exact), await run(engine)]
  const differences = Object.keys(outputs).map((key) =>
    relativeDifference(actual[key]!.data, expected[key]!.data),
  )
  // bfloat16 has 8 bits: a rounding changes a value by up to 2⁻⁹ of it, and a product has three.
  for (const difference of differences) expect(difference).toBeLessThan(2 ** -6)
  return differences
}

function draw(name: string, shape: Shape) {
  const stream = random(1, name)
  return floatTensor(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => 2 * stream.uniform(i) - 1),
  )
}
