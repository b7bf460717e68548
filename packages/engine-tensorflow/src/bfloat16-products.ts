import { floatTensor } from '@convkit/core'
import { conv2d, gradients, input, type Shape, sizeOf, sum } from '@convkit/graph'
import type { Products } from './lowering/context.js'
import type { RunnerProcess } from './runner-process.js'
import { createSession } from './session.js'

/** Pixels of the result: bfloat16 holds the number itself, but on the way to it no integers beyond 256. */
const pixels = 32 * 32
const image: Shape = [1, 34, 34, 16]
const filter: Shape = [16, 16, 3, 3]

/**
 * How TensorFlow computes products for `bfloat16` here. Without AVX-512 its kernels for it (2.21) add up in bfloat16, in
 * which the gradient to a filter, a sum over all pixels of a batch, comes out by up to a fifth too small, in eleven times the
 * time of float32; float32 of rounded factors is right there. Found out by such a sum of ones.
 */
export async function bfloat16Products(runner: RunnerProcess): Promise<Products> {
  const x = input('x', image)
  const w = input('w', filter)
  const [slopes] = gradients(sum(conv2d(x, w)), [w])
  const session = await createSession(
    runner,
    { state: {}, signatures: { main: { inputs: { x, w }, outputs: { slopes: slopes! }, updates: {} } } },
    { products: 'bfloat16' },
  )
  const { slopes: sums } = await session.run('main', { x: ones(image), w: ones(filter) })
  await session.dispose()
  return sums!.data.every((sum) => sum === pixels) ? 'bfloat16' : 'rounded to bfloat16'
}

const ones = (shape: Shape) => floatTensor(shape, new Float32Array(sizeOf(shape)).fill(1))
