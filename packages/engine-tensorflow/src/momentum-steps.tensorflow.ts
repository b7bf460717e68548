import { floatTensor } from '@convkit/core'
import { add, input, multiply, type Program, type Shape, state, subtract, sum } from '@convkit/graph'
import { expect, test } from 'vitest'
import { tensorflowEngine } from './engine.js'

const values = (shape: Shape, phase: number) =>
  floatTensor(
    shape,
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i + phase)),
  )

/** Two outputs read old values, one of them of the velocity; both must be those from before the step. */
function program(shape: Shape, isNesterov: boolean): Program {
  const [p, v, gradient, rate] = [
    state('p', shape),
    state('v', shape),
    input('gradient', shape),
    input('rate', []),
  ]
  const velocity = add(multiply(v, 0.9), gradient)
  const direction = isNesterov ? add(gradient, multiply(velocity, 0.9)) : velocity
  return {
    state: {
      p: { shape, initial: () => values(shape, 1) },
      v: { shape, initial: () => values(shape, 2) },
    },
    signatures: {
      train: {
        inputs: { gradient, rate },
        outputs: { before: sum(multiply(p, p)), speed: sum(multiply(v, v)) },
        updates: { p: subtract(p, multiply(direction, rate)), v: velocity },
      },
    },
  }
}

test.each([
  ['a matrix', [3, 4], false],
  ['a matrix, Nesterov', [3, 4], true],
  ['a filter', [4, 3, 3, 2], false],
  ['a filter, Nesterov', [4, 3, 3, 2], true],
])('steps with momentum: %s', async (_, shape, isNesterov) => {
  const session = await (await tensorflowEngine({ threads: 2 })).load(program(shape, isNesterov))
  const [p, v] = [values(shape, 1).data.map(Number), values(shape, 2).data.map(Number)]
  const squares = (data: Float32Array) => data.reduce((total, value) => total + value * value, 0)
  for (let step = 0; step < 4; step++) {
    const gradient = values(shape, 3 + step)
    const rate = floatTensor([], Float32Array.of(0.1 + step))
    const results = await session.run('train', { gradient, rate })
    expect(results.before?.data[0]).toBeCloseTo(squares(p), 2)
    expect(results.speed?.data[0]).toBeCloseTo(squares(v), 2)
    for (const [i, slope] of gradient.data.entries()) {
      v[i] = 0.9 * v[i]! + slope
      p[i]! -= (0.1 + step) * (isNesterov ? slope + 0.9 * v[i]! : v[i]!)
    }
  }
  const after = await session.read(['p', 'v'])
  for (const [name, wanted] of [
    ['p', p],
    ['v', v],
  ] as const)
    for (const [i, value] of after.get(name)!.data.entries()) expect(value).toBeCloseTo(wanted[i]!, 4)
  await session.dispose()
})
