import { floatTensor } from '@convkit/core'
import { conv2d, gradients, input, type Shape, sizeOf, sum } from '@convkit/graph'
import { expect, test } from 'vitest'
import { tensorflowEngine } from './engine.js'

const ones = (shape: Shape) => floatTensor(shape, new Float32Array(sizeOf(shape)).fill(1))

// TensorFlow's own strided kernels end the process on these, by a division by zero in oneDNN.
test.each<[Shape, Shape]>([
  [
    [8, 28, 28, 512],
    [1024, 512, 1, 1],
  ],
  [
    [8, 14, 14, 1024],
    [2048, 1024, 1, 1],
  ],
])('a strided 1x1 convolution of many channels: %j, %j', async (image, filter) => {
  const [x, w] = [input('x', image), input('w', filter)]
  const y = conv2d(x, w, { strides: 2 })
  const [dx, dw] = gradients(sum(y), [x, w])
  const session = await (await tensorflowEngine({ threads: 2 })).load({
    state: {},
    signatures: { main: { inputs: { x, w }, outputs: { y, dx: dx!, dw: dw! }, updates: {} } },
  })
  const outputs = await session.run('main', { x: ones(image), w: ones(filter) })
  await session.dispose()
  const [out = 0, inputs = 0] = filter
  const pixels = sizeOf(y.shape) / out
  expect(new Set(outputs.y!.data)).toEqual(new Set([inputs]))
  expect(new Set(outputs.dx!.data)).toEqual(new Set([out, 0]))
  expect(new Set(outputs.dw!.data)).toEqual(new Set([pixels]))
})
