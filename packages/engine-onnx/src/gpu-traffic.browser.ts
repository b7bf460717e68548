import { smallNetwork, smallNetworkFeeds } from '@convkit/core/testing'
import { type SymbolicTensor, sizeOf } from '@convkit/graph'
import { afterEach, expect, it, vi } from 'vitest'
import { onnxWebEngine } from './web.js'

afterEach(() => void vi.restoreAllMocks())

it('state stays on the GPU from step to step, in no more memory, until the session is disposed of', async () => {
  const program = smallNetwork({ width: 16, batchSize: 2, size: 8 })
  const { outputs, updates } = program.signatures.train!
  const [read, state] = [bytesOf(outputs), bytesOf(updates)]
  const session = await (await onnxWebEngine({ device: 'webgpu' })).load(program)
  const step = (index: number) => session.run('train', smallNetworkFeeds(program.signatures.train!, index))

  const traffic = watchTraffic()
  await step(0)
  const first = traffic()
  expect(first.uploaded, 'the initial state').toBeGreaterThan(state)
  expect(first.downloaded, 'loss and logits, in whole blocks of 16 bytes').toBeLessThan(read + 32)

  // A few small tensors find no memory of their size that is free until the second step is done.
  await step(1)
  const second = traffic()
  for (const index of [2, 3, 4]) await step(index)
  const last = traffic()
  expect(last.downloaded).toBe(5 * first.downloaded)
  // besides inputs, some bytes for each kernel
  expect(last.uploaded - second.uploaded).toBeLessThan(state)
  expect(last.created - last.destroyed).toBe(second.created - second.destroyed)

  await session.read()
  expect(traffic().downloaded - last.downloaded).toBeGreaterThanOrEqual(state)
  await session.dispose()
  expect(traffic().destroyed - last.destroyed, 'what is given back').toBeGreaterThan(state)
})

const bytesOf = (tensors: Readonly<Record<string, SymbolicTensor>>) =>
  Object.values(tensors).reduce((bytes, { shape }) => bytes + 4 * sizeOf(shape), 0)

/** Counts the bytes that cross between the host and the GPU from now on, and those of buffers that come and go. */
function watchTraffic() {
  const mapped = vi.spyOn(GPUBuffer.prototype, 'mapAsync')
  const destroyed = vi.spyOn(GPUBuffer.prototype, 'destroy')
  const created = vi.spyOn(GPUDevice.prototype, 'createBuffer')
  const written = vi.spyOn(GPUQueue.prototype, 'writeBuffer')
  return () => {
    const made = created.mock.calls.map(([descriptor]) => descriptor)
    return {
      downloaded: total(mapped.mock.contexts),
      uploaded:
        total(made.filter(({ mappedAtCreation }) => mappedAtCreation)) +
        total(written.mock.calls.map(([, , , , size]) => ({ size }))),
      created: total(made),
      destroyed: total(destroyed.mock.contexts),
    }
  }
}

const total = (buffers: readonly { readonly size: number }[]) =>
  buffers.reduce((bytes, { size }) => bytes + size, 0)

// What is used of a browser's WebGPU.
declare const GPUBuffer: { readonly prototype: Buffer }
declare const GPUDevice: { readonly prototype: { createBuffer(descriptor: Descriptor): Buffer } }
declare const GPUQueue: {
  readonly prototype: { writeBuffer(to: Buffer, at: number, data: object, from: number, size: number): void }
}

interface Descriptor {
  readonly size: number
  readonly mappedAtCreation?: boolean
}

interface Buffer {
  readonly size: number
  mapAsync(this: Buffer): Promise<void>
  destroy(this: Buffer): void
}
