import { add, input, multiply, type SymbolicTensor, state, subtract, vector } from '@convkit/graph'
import { expect, test } from 'vitest'
import { momentumSteps } from './momentum-steps.js'

const [p, v] = [state('p', [2, 3]), state('v', [2, 3])]
const [gradient, rate] = [input('gradient', [2, 3]), input('rate', [])]
const velocity = add(multiply(v, 0.9), gradient)
const moved = (direction: SymbolicTensor) => subtract(p, multiply(direction, rate))

const stepsOf = (updates: Readonly<Record<string, SymbolicTensor>>) =>
  momentumSteps({ inputs: { gradient, rate }, outputs: {}, updates })

test.each([
  ['plain', velocity, false],
  ['Nesterov', add(gradient, multiply(velocity, 0.9)), true],
])('finds a step with momentum: %s', (_, direction, isNesterov) => {
  expect(stepsOf({ p: moved(direction), v: velocity })).toEqual([
    { parameter: 'p', velocity: 'v', gradient, rate, momentum: expect.anything(), isNesterov },
  ])
})

test.each<[string, Record<string, SymbolicTensor>]>([
  ['the velocity is not kept', { p: moved(velocity) }],
  ['no momentum', { p: moved(gradient), v: velocity }],
  ['another momentum ahead', { p: moved(add(gradient, multiply(velocity, 0.8))), v: velocity }],
  [
    'a momentum for each value ahead',
    { p: moved(add(gradient, multiply(velocity, vector([0.9, 0.5, 0.1])))), v: velocity },
  ],
  ['another gradient ahead', { p: moved(add(p, multiply(velocity, 0.9))), v: velocity }],
  ['a rate for each value', { p: subtract(p, multiply(velocity, v)), v: velocity }],
  [
    'the velocity of two',
    { p: moved(velocity), q: subtract(state('q', [2, 3]), multiply(velocity, rate)), v: velocity },
  ],
  ['another state moves', { q: moved(velocity), v: velocity }],
  ['a gradient that broadcasts', { p: moved(add(multiply(v, 0.9), rate)), v: add(multiply(v, 0.9), rate) }],
])('leaves what is none: %s', (_, updates) => {
  expect(stepsOf(updates)).toEqual([])
})
