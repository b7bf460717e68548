import { expect, test } from 'vitest'
import { featureExtractor } from './feature-extractor.js'
import { gradCam } from './grad-cam.js'
import { createVariant } from './model.js'
import { random } from './random.js'
import { createRegistry } from './registry.js'
import { referenceEngine } from './testing/reference-engine.js'
import tiny from './testing/tinynet.js'

const registry = createRegistry(tiny)
const model = () =>
  createVariant(registry.model('tinynet_4'), { registry, classes: 3, engine: referenceEngine(), seed: 2 })
const images = [1, 2].map((seed) => ({
  height: 8,
  width: 8,
  channels: 3 as const,
  data: Uint8Array.from({ length: 192 }, (_, i) => 255 * random(seed, 'image').uniform(i)),
}))

test('before global pooling and a dense layer, it is the class activation map', async () => {
  const network = await model()
  const asked = [2, 0]
  const maps = await gradCam(network, images, asked)
  const features = (await featureExtractor(network).extract(images)).get('conv1')?.data as Float32Array
  const weights = network.weights.get('fc.weight')?.data as Float32Array
  maps.forEach(({ shape, data }, image) => {
    expect(shape).toEqual([4, 4])
    const plain = Array.from({ length: 16 }, (_, at) =>
      Math.max(
        0,
        [0, 1, 2, 3].reduce(
          (total, c) =>
            total +
            (features[(image * 16 + at) * 4 + c] as number) *
              (weights[(asked[image] as number) * 4 + c] as number),
          0,
        ),
      ),
    )
    const [least, largest] = [Math.min(...plain), Math.max(...plain)]
    expect(largest).toBeGreaterThan(least)
    for (const [at, value] of plain.entries())
      expect(data[at]).toBeCloseTo((value - least) / (largest - least), 4)
  })
})

test('what it cannot do is said', async () => {
  const network = await model()
  await expect(gradCam(network, images, [0])).rejects.toThrow(
    'more images than the 1 classes; each image needs one',
  )
  await expect(gradCam(network, images, [0, 0], { layer: 'layer9' })).rejects.toMatchObject({
    code: 'E_OPTION',
    message: "tinynet_4 has no layer 'layer9' with a map (nearest: conv1); its stages are conv1",
  })
  await expect(gradCam(network, images, [0, 3])).rejects.toThrow('tinynet_4 has 3 classes, got 3')
})

test('grad-cam++ counts only what speaks for the class', async () => {
  const network = await model()
  const maps = await gradCam(network, images, [2, 0], { method: 'grad-cam++' })
  for (const { data } of maps) {
    expect(Math.max(...data)).toBeCloseTo(1, 4)
    expect(Math.min(...data)).toBe(0)
  }
})
