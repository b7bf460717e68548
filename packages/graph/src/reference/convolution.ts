import type { Conv2dAttributes, ConvolutionOp } from '../ops/attributes.js'
import type { Shape } from '../tensor.js'
import type { KernelsFor } from './kernel.js'

export const convolutionKernels: KernelsFor<ConvolutionOp> = {
  matmul: ([a, b], [y], { transposeA, transposeB }) => {
    const [m, n] = y.shape as [number, number]
    const k = a.shape[transposeA ? 0 : 1]!
    for (let row = 0; row < m; row++) {
      for (let column = 0; column < n; column++) {
        for (let i = 0; i < k; i++) {
          const left = a.data[transposeA ? i * m + row : row * k + i]!
          const right = b.data[transposeB ? column * k + i : i * n + column]!
          y.data[row * n + column]! += left * right
        }
      }
    }
  },

  // A convolution is a sum of products x · filter over taps, so each gradient is the same sum over the same taps.
  conv2d: ([x, filter], [y], attributes) =>
    forEachTap(attributes, x.shape, filter.shape, y.shape, (xi, fi, yi) => {
      y.data[yi]! += x.data[xi]! * filter.data[fi]!
    }),
  conv2dInputGradient: ([dy, filter], [dx], attributes) =>
    forEachTap(attributes, dx.shape, filter.shape, dy.shape, (xi, fi, yi) => {
      dx.data[xi]! += dy.data[yi]! * filter.data[fi]!
    }),
  conv2dFilterGradient: ([x, dy], [dfilter], attributes) =>
    forEachTap(attributes, x.shape, dfilter.shape, dy.shape, (xi, fi, yi) => {
      dfilter.data[fi]! += x.data[xi]! * dy.data[yi]!
    }),
}

/** Visits the offsets in x, filter and y of every product that a convolution sums; padding has none. */
function forEachTap(
  { strides, padding, dilations, groups }: Conv2dAttributes,
  xShape: Shape,
  filterShape: Shape,
  yShape: Shape,
  visit: (x: number, filter: number, y: number) => void,
): void {
  const [n, h, w, c] = xShape as [number, number, number, number]
  const [o, i, kh, kw] = filterShape as [number, number, number, number]
  const [, oh, ow] = yShape as [number, number, number, number]
  for (let image = 0; image < n; image++) {
    for (let oy = 0; oy < oh; oy++) {
      for (let ox = 0; ox < ow; ox++) {
        for (let ky = 0; ky < kh; ky++) {
          for (let kx = 0; kx < kw; kx++) {
            const iy = oy * strides[0] + ky * dilations[0] - padding[0]
            const ix = ox * strides[1] + kx * dilations[1] - padding[2]
            if (iy < 0 || iy >= h || ix < 0 || ix >= w) continue
            const pixel = ((image * h + iy) * w + ix) * c
            const position = ((image * oh + oy) * ow + ox) * o
            for (let out = 0; out < o; out++) {
              const group = Math.floor(out / (o / groups))
              for (let channel = 0; channel < i; channel++) {
                visit(pixel + group * i + channel, ((out * i + channel) * kh + ky) * kw + kx, position + out)
              }
            }
          }
        }
      }
    }
  }
}
