import { camLayers, createRegistry, createVariant, gradCam } from '@convkit/core'
import { onnxEngine } from '@convkit/engine-onnx'
import { expect, test } from 'vitest'
import fixture from './fixtures/grad-cam.json' with { type: 'json' }
import zoo from './index.js'
import { hashedBytes, hashedPositions, hashedWeights, type Ranges } from './testing/hashed-values.js'
import { traceModel } from './testing/trace-model.js'

/** What tools/fixtures/zoo/grad_cam.py writes of a map that a peer's network has. */
interface CamCase {
  readonly layer: string
  readonly class: number
  readonly method: 'grad-cam' | 'grad-cam++'
  readonly shape: readonly number[]
  /** Those at `hashedPositions`. */
  readonly values: readonly number[]
}

interface CamModel {
  readonly ranges: Ranges
  readonly cases: readonly CamCase[]
}

const [height, width] = fixture.image as [number, number, 3]
const models = fixture.models as unknown as Readonly<Record<string, CamModel>>
const registry = createRegistry(zoo)
const halves = [0.5, 0.5, 0.5]

test.each(Object.entries(models))(
  "class activation maps of %s are pytorch-grad-cam's",
  {
    timeout: 60_000,
  },
  async (name, { ranges, cases }) => {
    const model = await createVariant(registry.model(name), {
      registry,
      engine: await onnxEngine(),
      weights: hashedWeights(traceModel(name), ranges),
      preprocessing: { inputSize: [height, width], cropPct: 1, mean: halves, std: halves },
    })
    const image = { height, width, channels: 3 as const, data: hashedBytes('image', height * width * 3) }
    for (const { layer, class: asked, method, shape, values } of cases) {
      const [map] = await gradCam(model, [image], [asked], { layer, method })
      expect(map?.shape).toEqual(shape)
      const shown = hashedPositions(map?.data.length ?? 0, values.length)
      const differences = shown.map((at, i) => Math.abs((map?.data[at] ?? 0) - (values[i] ?? 0)))
      expect(Math.max(...differences), `${layer}, class ${asked}, ${method}`).toBeLessThan(1e-3)
    }
  },
)

test('layers have the names of their PyTorch modules, stages among them', () => {
  const layers = camLayers({ trace: () => traceModel('resnet18') })
  expect(layers.slice(0, 4)).toEqual(['conv1', 'bn1', 'act1', 'layer1.0.conv1'])
  expect(layers.slice(-3)).toEqual(['layer4.1.conv2', 'layer4.1.bn2', 'layer4'])
  expect(layers).toHaveLength(45)
})
