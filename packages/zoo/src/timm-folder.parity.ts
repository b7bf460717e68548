import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createModel, createRegistry, type ModelName } from '@convkit/core'
import { loadModel, saveModel } from '@convkit/core/node'
import { relativeDifference } from '@convkit/core/testing'
import onnx from '@convkit/engine-onnx'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runPython } from '../../../tools/python.mjs'
import zoo from './index.js'
import { hashedBytes, hashedWeights, tameRanges } from './testing/hashed-values.js'
import { traceModel } from './testing/trace-model.js'

const models = [
  'resnet18',
  'seresnext26d_32x4d',
  'resnetv2_18',
  'densenet121',
  'mobilenetv1_100',
  'mobilenetv2_050',
  'mobilenetv3_small_075',
  'tf_efficientnet_b0',
  'convnext_atto',
  'inception_v3',
] satisfies ModelName[]
const registry = createRegistry(zoo, onnx)
const classes = ['cat', 'dog', 'fish', 'hen', 'owl']
const size = 107
const images = 2
const pixels = hashedBytes('image', images * size * size * 3)

let folder: string
/** Of each model in turn. */
let expected: Float32Array

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'convkit-parity-'))
  for (const name of models) await save(name)
  const script = join(import.meta.dirname, '../../../tools/timm-logits.py')
  const bytes = runPython(script, [String(images), ...models.map((name) => join(folder, name))], {
    input: Buffer.from(pixels),
  })
  expected = new Float32Array(new Uint8Array(bytes).buffer)
})
afterAll(() => rmSync(folder, { recursive: true }))

async function save(name: ModelName): Promise<void> {
  const options = { classes, preprocessing: { inputSize: [size, size] as const, cropPct: 1 } }
  const traced = traceModel(name, { ...options, classes: classes.length })
  const model = await createModel(name, {
    ...{ ...options, registry, engine: 'onnx' },
    weights: hashedWeights(traced, tameRanges),
  })
  await saveModel(model, join(folder, name))
  await model.dispose()
}

test.each(models.map((name, i) => [name, i] as const))(
  'timm loads a folder of %s and computes its logits',
  async (name, i) => {
    const model = await loadModel(join(folder, name), { registry, engine: 'onnx' })
    const length = size * size * 3
    const { logits } = await model.infer(
      Array.from({ length: images }, (_, image) => ({
        ...{ height: size, width: size, channels: 3 as const },
        data: pixels.slice(image * length, (image + 1) * length),
      })),
    )
    await model.dispose()
    const difference = relativeDifference(logits, expected.slice(i * logits.length, (i + 1) * logits.length))
    expect(difference).toBeLessThan(1e-4)
  },
)
