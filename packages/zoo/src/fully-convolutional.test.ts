import {
  createModel,
  createRegistry,
  ensemble,
  type Model,
  type ModelName,
  type Pixels,
  random,
  toFullyConvolutional,
} from '@convkit/core'
import onnx from '@convkit/engine-onnx'
import { describe, expect, it } from 'vitest'
import zoo from './index.js'

const registry = createRegistry(zoo, onnx)

function noise(height: number, width: number, channels: 1 | 3): Pixels {
  const stream = random(3, 'noise')
  const data = Uint8Array.from({ length: height * width * channels }, (_, i) => 256 * stream.uniform(i))
  return { height, width, channels, data }
}

const create = (name: ModelName, size: number): Promise<Model> =>
  createModel(name, {
    registry,
    classes: 4,
    preprocessing: { inputSize: [size, size], cropPct: 1 },
    engine: 'onnx',
  })

const difference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - (b[i] ?? Number.NaN))))

describe.each<[ModelName, number, readonly [number, number]]>([
  // input size, then the map's size for an image of 64 more pixels down and 32 more across
  ['lenet5', 32, [17, 9]],
  ['resnet20', 32, [17, 9]],
])('%s as a fully convolutional network', (name, size, map) => {
  it('gives the dense network’s logits at its own size, and a map of them on a larger image', async () => {
    const model = await create(name, size)
    const sliding = toFullyConvolutional(model, { shorterSide: null })
    const image = noise(size, size, model.preprocessing.channels)
    const [dense, slid] = [await model.infer([image]), await sliding.infer([image])]
    expect(difference(dense.logits, slid.logits)).toBeLessThan(1e-4)

    const larger = noise(size + 64, size + 32, model.preprocessing.channels)
    const scores = await sliding.scoreMap(larger)
    expect([scores.height, scores.width]).toEqual(map)
    const averaged = Array.from(
      { length: 4 },
      (_, c) => scores.data.filter((_, i) => i % 4 === c).reduce((a, b) => a + b, 0) / (map[0] * map[1]),
    )
    expect(difference((await sliding.infer([larger])).logits, averaged)).toBeLessThan(1e-4)
    await Promise.all([sliding.dispose(), model.dispose()])
  })
})

it('an image below the network’s own size is refused', async () => {
  const model = await create('lenet5', 32)
  const sliding = toFullyConvolutional(model, { shorterSide: 28 })
  await expect(sliding.scoreMap(noise(40, 50, 1))).rejects.toThrow(
    /28×35 pixels.*at least 32×32; raise shorterSide/,
  )
})

describe('ensemble', () => {
  it('averages probabilities of dense and fully convolutional networks', async () => {
    const members = await Promise.all([create('lenet5', 32), create('resnet20', 32)])
    const sliding = toFullyConvolutional(members[0], { shorterSide: 40 })
    const image = noise(50, 60, 3)
    const all = [...members, sliding]
    const { probabilities } = await ensemble(all, { weights: [1, 1, 2] }).infer([image])
    const own = await Promise.all(all.map((member) => member.infer([image])))
    const expected = [0, 1, 2, 3].map((c) =>
      own.reduce((sum, each, i) => sum + (each.probabilities[c] ?? 0) * ([0.25, 0.25, 0.5][i] ?? 0), 0),
    )
    expect(difference(probabilities, expected)).toBeLessThan(1e-6)
    const [best] = await ensemble(all, { weights: [1, 1, 2] }).predict(image, { top: 1 })
    expect(best?.probability).toBeCloseTo(Math.max(...expected), 6)
    await Promise.all(all.map((member) => member.dispose()))
  })

  it('refuses members that do not belong together', async () => {
    const [four, five] = [
      await create('lenet5', 32),
      await createModel('lenet5', { registry, classes: 5, engine: 'onnx' }),
    ]
    expect(() => ensemble([])).toThrow(/at least one member/)
    expect(() => ensemble([four, five])).toThrow(/member 1 has the classes 0, 1, 2, … \(5\)/)
    expect(() => ensemble([four], { weights: [1, 2] })).toThrow(/needs 1 weights.*got \[1,2\]/)
    expect(() => ensemble([four], { weights: [0] })).toThrow(/positive sum, got \[0\]/)
  })
})
