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
import { describe, expect, it, test } from 'vitest'
import zoo from './index.js'
import { slideOver } from './testing/slide-over.js'

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

// AlexNet and VGG, with wide layers that take long to load, are in fully-convolutional.parity.ts.
test.each<[ModelName, number, readonly [number, number]]>([
  // input size, then the map's size for an image of 64 more pixels down and 32 more across
  ['lenet5', 32, [17, 9]],
  ['resnet20', 32, [17, 9]],
  ['wrn_16_4', 32, [17, 9]],
  ['densenet_bc_100_12', 32, [17, 9]],
  ['highway_19', 32, [17, 9]],
  ['resnet18', 64, [3, 2]],
  ['seresnet18', 64, [3, 2]],
  ['resnet18d', 64, [3, 2]],
  ['resnetv2_18', 64, [3, 2]],
  ['densenet121', 64, [3, 2]],
  ['mobilenetv1_100', 64, [3, 2]],
  ['mobilenetv2_035', 64, [3, 2]],
  ['mobilenetv3_small_050', 64, [3, 2]],
  ['efficientnet_b0', 64, [3, 2]],
  ['convnext_atto', 64, [3, 2]],
  ['googlenet', 64, [3, 2]],
  // Their convolutions of unpadded maps end at the same places where sizes differ by a multiple of 32.
  ['inception_v3', 107, [3, 2]],
  ['inception_v4', 107, [3, 2]],
  ['inception_resnet_v2', 107, [3, 2]],
])(
  '%s gives the dense network’s logits at its own size, and a map of them on a larger image',
  async (name, size, map) => {
    const sliding = await slideOver(name, size, registry)
    expect(sliding.ofDense).toBeLessThan(1e-4)
    expect(sliding.map).toEqual(map)
    expect(sliding.ofMean).toBeLessThan(1e-4)
    expect(sliding.ofEnds).toBeGreaterThan(1e-3)
  },
  60_000,
)

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
