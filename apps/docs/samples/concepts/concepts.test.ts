import { createRegistry } from '@convkit/core'
import { checkArchitecture } from '@convkit/core/testing'
import { expect, test } from 'vitest'

test('three 3×3 convolutions see as far as one 7×7, with 27/49 of its parameters', async () => {
  const { one7x7, three3x3, sees, work } = await import('./small-kernels.js')
  expect(one7x7).toEqual({
    parameters: 49 * 64 ** 2,
    macs: 629_407_744,
    sees: 7,
  })
  expect(three3x3).toEqual({
    parameters: 27 * 64 ** 2,
    macs: 346_816_512,
    sees: 7,
  })
  expect([sees, work]).toEqual([[5, 5], 231_211_008])
})

test('a bottleneck has an eighth of the parameters', async () => {
  const { wide, narrow } = await import('./bottlenecks.js')
  expect(wide).toMatchObject({ parameters: 589_824, sees: 3 })
  expect(narrow).toMatchObject({ parameters: 69_632, sees: 3 })
})

test('GoogLeNet has two auxiliary heads, in training only; so has a network of one’s own', async () => {
  const { heads, kept, plugin } = await import('./auxiliary-losses.js')
  expect(heads).toEqual([
    { shape: [2, 1000], weight: 0.3 },
    { shape: [2, 1000], weight: 0.3 },
  ])
  expect(kept).toBe(0)
  checkArchitecture({
    model: 'helped_8',
    registry: createRegistry(plugin),
    inputSize: [16, 16],
  })
})

test('LeNet as a convolution gives its own logits, and a map of them on a larger image', async () => {
  const { atInputSize, onLarger, itsOwn } = await import(
    './dense-as-convolution.js'
  )
  expect([atInputSize.height, atInputSize.width]).toEqual([1, 1])
  expect([onLarger.height, onLarger.width]).toEqual([7, 7])
  for (const [i, logit] of atInputSize.data.entries())
    expect(logit).toBeCloseTo(itsOwn.logits[i] ?? 0, 5)
})

test('the three kinds of connections make a network that trains', async () => {
  const { default: plugin } = await import('./connections.js')
  checkArchitecture({
    model: 'three_16',
    registry: createRegistry(plugin),
    inputSize: [8, 8],
  })
})

test('scale jitter draws sides from 256 to 512', async () => {
  const { sides } = await import('./scale-jitter.js')
  for (const side of sides) {
    expect(side).toBeGreaterThanOrEqual(256)
    expect(side).toBeLessThanOrEqual(512)
  }
  expect(new Set(sides).size).toBeGreaterThan(3)
})

test('ten crops are ten views of the input size', async () => {
  const { views } = await import('./several-crops.js')
  expect(views).toEqual(Array.from({ length: 10 }, () => [224, 224]))
})

test('an ensemble is the mean of its members', async () => {
  const { best, alone } = await import('./model-averaging.js')
  const mean = [0, 1].map((i) =>
    alone.reduce(
      (sum, { probabilities }) => sum + (probabilities[i] ?? 0) / 3,
      0,
    ),
  )
  expect(best?.probability).toBeCloseTo(Math.max(...mean), 6)
})
