import {
  add,
  divide,
  erf,
  exp,
  hardSigmoid,
  multiply,
  relu6,
  relu6Gradient,
  reluGradient,
  sigmoid,
  square,
  subtract,
} from '../ops/elementwise.js'
import { inputsOf, type One, outputOf, type RulesFor } from './rule.js'

export const activationRules: RulesFor<
  | 'relu'
  | 'relu6'
  | 'sigmoid'
  | 'tanh'
  | 'silu'
  | 'hardSwish'
  | 'hardSigmoid'
  | 'gelu'
  | 'erf'
  | 'reluGradient'
  | 'relu6Gradient'
> = {
  relu: (node, dy) => [reluGradient(dy, outputOf(node))],
  relu6: (node, dy) => [relu6Gradient(dy, outputOf(node))],
  reluGradient: (node, dy) => [reluGradient(dy, node.inputs[1] ?? dy), undefined],
  relu6Gradient: (node, dy) => [relu6Gradient(dy, node.inputs[1] ?? dy), undefined],

  sigmoid: (node, dy) => {
    const y = outputOf(node)
    return [multiply(dy, multiply(y, subtract(1, y)))]
  },
  tanh: (node, dy) => [multiply(dy, subtract(1, square(outputOf(node))))],

  // s + x·s·(1 − s), with s = sigmoid(x)
  silu: (node, dy) => {
    const [x] = inputsOf<One>(node)
    const s = sigmoid(x)
    return [multiply(dy, multiply(s, add(1, multiply(x, subtract(1, s)))))]
  },

  hardSigmoid: (node, dy) => {
    const [x] = inputsOf<One>(node)
    return [divide(relu6Gradient(dy, relu6(add(x, 3))), 6)]
  },
  hardSwish: (node, dy) => {
    const [x] = inputsOf<One>(node)
    const slope = divide(relu6Gradient(multiply(dy, x), relu6(add(x, 3))), 6)
    return [add(multiply(dy, hardSigmoid(x)), slope)]
  },

  // Φ(x) + x·φ(x)
  gelu: (node, dy) => {
    const [x] = inputsOf<One>(node)
    const distribution = multiply(add(erf(multiply(x, Math.SQRT1_2)), 1), 0.5)
    const density = multiply(exp(multiply(square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI))
    return [multiply(dy, add(distribution, multiply(x, density)))]
  },
  erf: (node, dy) => {
    const [x] = inputsOf<One>(node)
    return [multiply(dy, multiply(exp(multiply(square(x), -1)), 2 / Math.sqrt(Math.PI)))]
  },
}
