import type { Shape } from '@convkit/graph'
import { sizeOf } from '@convkit/graph'
import type { RandomStream } from './random.js'

/** Fills a parameter's first values. `shape` is the stored one: filters `[o, i, kh, kw]`, weights `[out, in]`. */
export type Initializer = (shape: Shape, random: RandomStream) => Float32Array

const filled =
  (value: number): Initializer =>
  (shape) =>
    new Float32Array(sizeOf(shape)).fill(value)

const drawn =
  (draw: (shape: Shape) => (random: RandomStream, position: number) => number): Initializer =>
  (shape, random) => {
    const at = draw(shape)
    const data = new Float32Array(sizeOf(shape))
    for (let position = 0; position < data.length; position++) data[position] = at(random, position)
    return data
  }

export const zeros = filled(0)
export const ones = filled(1)
export const constantValue = filled

export function normal(std: number, mean = 0): Initializer {
  return drawn(() => (random, position) => mean + std * random.normal(position))
}

/** Normal, drawn again while it lies outside of ±2·std. */
export function truncatedNormal(std: number): Initializer {
  return (shape, random) => {
    const data = new Float32Array(sizeOf(shape))
    let position = 0
    for (let i = 0; i < data.length; i++) {
      let value = random.normal(position++)
      while (Math.abs(value) > 2) value = random.normal(position++)
      data[i] = std * value
    }
    return data
  }
}

export function uniform(low: number, high: number): Initializer {
  return drawn(() => (random, position) => low + (high - low) * random.uniform(position))
}

/** √(2 / fan-out) normal: PyTorch's `kaiming_normal_(mode='fan_out')`, He et al. 2015. */
export function heNormal(mode: 'fan-in' | 'fan-out' = 'fan-out'): Initializer {
  return drawn((shape) => {
    const std = Math.sqrt(2 / fans(shape)[mode])
    return (random, position) => std * random.normal(position)
  })
}

/** ±1/√fan-in: how PyTorch starts the weights of its convolution and linear layers. */
export const torchDefault: Initializer = drawn((shape) => {
  const bound = 1 / Math.sqrt(fans(shape)['fan-in'])
  return (random, position) => bound * (2 * random.uniform(position) - 1)
})

/** ±√(6 / (fan-in + fan-out)): Glorot and Bengio 2010. */
export const glorotUniform: Initializer = drawn((shape) => {
  const { 'fan-in': fanIn, 'fan-out': fanOut } = fans(shape)
  const bound = Math.sqrt(6 / (fanIn + fanOut))
  return (random, position) => bound * (2 * random.uniform(position) - 1)
})

function fans([outputs = 1, inputs = 1, ...kernel]: Shape) {
  const field = sizeOf(kernel)
  return { 'fan-in': inputs * field, 'fan-out': outputs * field }
}
