import { describe, expect, it } from 'vitest'
import * as g from '../index.js'

const image = g.input('image', [1, 224, 224, 3])

function conv(x: g.SymbolicTensor, filters: number, kernel: g.Pair | number, options: g.Conv2dOptions = {}) {
  const [kh, kw] = g.toPair(kernel)
  const channels = x.shape.at(-1) as number
  return g.relu(g.conv2d(x, g.input('w', [filters, channels / (options.groups ?? 1), kh, kw]), options))
}

const square = (side: number, stride: number) => ({ size: [side, side], stride: [stride, stride] })

/** torchvision's AlexNet up to its last pool. */
function alexnet() {
  let x = g.maxPool2d(conv(image, 64, 11, { strides: 4, padding: 2 }), { size: 3, strides: 2 })
  x = g.maxPool2d(conv(x, 192, 5, { padding: 2 }), { size: 3, strides: 2 })
  for (const filters of [384, 256, 256]) x = conv(x, filters, 3, { padding: 1 })
  return g.maxPool2d(x, { size: 3, strides: 2 })
}

/** The convolutional part of VGG16 (configuration D). */
function vgg16() {
  return [2, 2, 3, 3, 3].reduce((stage, depth) => {
    let x = stage
    for (let i = 0; i < depth; i++) x = conv(x, 8, 3, { padding: 1 })
    return g.maxPool2d(x, { size: 2 })
  }, image)
}

/** A ResNet of bottlenecks before global pooling: v1 strides by the first 1×1, v1.5 (torchvision, timm) by the 3×3. */
function resnet(version: 'v1' | 'v1.5', depths: readonly number[]) {
  let x = g.maxPool2d(conv(image, 4, 7, { strides: 2, padding: 3 }), { size: 3, strides: 2, padding: 1 })
  for (const [stage, depth] of depths.entries()) {
    for (let block = 0; block < depth; block++) {
      const strides = stage > 0 && block === 0 ? 2 : 1
      const [first, middle] = version === 'v1' ? [strides, 1] : [1, strides]
      const reduced = conv(conv(x, 2, 1, { strides: first }), 2, 3, { strides: middle, padding: 1 })
      const shortcut = block === 0 ? conv(x, 4, 1, { strides }) : x
      x = g.add(conv(reduced, 4, 1), shortcut)
    }
  }
  return x
}

describe('the theoretical receptive field', () => {
  // Published by Araujo et al. 2019; v1.5 by hand: 7, pool 11, 35, 43 + 3·16, 107 + 5·32, 299 + 2·64.
  it.each([
    ['AlexNet', alexnet(), 195, 32],
    ['VGG16', vgg16(), 212, 32],
    ['ResNet-50', resnet('v1', [3, 4, 6, 3]), 483, 32],
    ['ResNet-101', resnet('v1', [3, 4, 23, 3]), 1027, 32],
    ['ResNet-152', resnet('v1', [3, 8, 36, 3]), 1507, 32],
    ['ResNet-50 v1.5', resnet('v1.5', [3, 4, 6, 3]), 427, 32],
  ])('of %s', (_, features, size, stride) => {
    expect(g.receptiveField(image, features)).toEqual(square(size, stride))
  })

  const small = g.input('small', [1, 12, 10, 4])
  const field = (x: g.SymbolicTensor) => g.receptiveField(small, x)

  it('of the image itself is a pixel', () => {
    expect(field(small)).toEqual(square(1, 1))
  })

  it('counts each axis and the dilation', () => {
    expect(field(conv(small, 4, [1, 7], { padding: 'same' }))).toEqual({ size: [1, 7], stride: [1, 1] })
    expect(field(conv(small, 4, 3, { padding: 'same', dilations: 2 }))).toEqual(square(5, 1))
  })

  it('is the largest of the branches', () => {
    const branches = [
      conv(small, 4, 1),
      conv(small, 4, 5, { padding: 2 }),
      g.averagePool2d(small, { size: 3, strides: 1, padding: 1 }),
    ]
    expect(field(g.concat(branches))).toEqual(square(5, 1))
  })

  it('is the whole map after what looks at all of it, on top of what each position saw', () => {
    const features = conv(small, 4, 3, { padding: 1, strides: 2 }) // [1, 6, 5, 4]
    const whole = { size: [3 + 5 * 2, 3 + 4 * 2], stride: [0, 0] }
    expect(field(g.globalAveragePool(features))).toEqual(whole)
    expect(field(g.dense(g.flatten(features), g.input('w', [2, 120])))).toEqual(whole)
    expect(field(g.reshape(features, [1, 120]))).toEqual(whole)
    const excited = g.multiply(features, g.sigmoid(g.globalAveragePool(features, { keepDims: true })))
    expect(field(excited)).toEqual({ size: whole.size, stride: [2, 2] })
  })

  it('is not changed by a dense layer at each position, nor by shuffled channels', () => {
    const features = conv(small, 4, 3, { padding: 1 })
    expect(field(g.dense(features, g.input('w', [8, 4])))).toEqual(square(3, 1))
    const split = g.reshape(features, [1, 12, 10, 2, 2])
    expect(field(g.reshape(g.transpose(split, [0, 1, 2, 4, 3]), [1, 12, 10, 4]))).toEqual(square(3, 1))
  })

  it('follows slices and resizing', () => {
    expect(field(g.slice(small, [0, 0, 0, 0], [1, 6, 5, 4], [1, 2, 2, 1]))).toEqual(square(1, 2))
    expect(field(g.resizeBilinear(small, [24, 20]))).toEqual(square(2, 0.5))
    expect(field(g.resizeBilinear(small, [12, 10]))).toEqual(square(1, 1))
  })

  it('needs a tensor that depends on the image', () => {
    expect(() => g.receptiveField(image, g.relu(small))).toThrow(
      expect.objectContaining({
        code: 'E_NOT_CONNECTED',
        message: expect.stringMatching(/relu does not depend on input/),
      }),
    )
  })
})
