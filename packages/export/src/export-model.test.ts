import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import blocks from '@convkit/blocks'
import { createRegistry, createVariant, decodeSafetensors, type Model } from '@convkit/core'
import { onnxEngine } from '@convkit/engine-onnx'
import zoo from '@convkit/zoo'
import * as ort from 'onnxruntime-node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkImages } from './check/check-images.js'
import { compare, referenceOf, requireAgreement } from './check/compare.js'
import { toClassifier } from './check/to-classifier.js'
import { exportModel } from './export-model.js'
import { openOnnx } from './onnx/open-onnx.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convkit-export-'))
})
afterEach(() => rm(folder, { recursive: true }))

const registry = createRegistry(blocks, zoo)
/** Small images, and of a residual network a block a stage. */
const modelOf = async (name: 'resnet20' | 'lenet5', seed = 0): Promise<Model> =>
  createVariant(registry.model(name), {
    registry,
    ...(name === 'resnet20' && { config: { layers: [1, 1, 1] }, preprocessing: { inputSize: [16, 16] } }),
    engine: await onnxEngine({ threads: 1 }),
    classes: ['cat', 'dog', 'fox'],
    seed,
  })

describe.each(['normalized', 'pixels'] as const)('a model that takes %s', (input) => {
  it.each(['onnx', 'tfjs'] as const)('agrees as %s, in batches of several sizes', async (format) => {
    const out = join(folder, format)
    const result = await exportModel(await modelOf('resnet20'), { format, out, input })
    expect(result).toMatchObject({ path: out, images: 20, sameTop1: 20 })
    expect(result.largestDifference).toBeLessThan(1e-5)
    expect(await readdir(folder)).toEqual([format])
  })
})

it('an ONNX file says what it takes and what it labels', async () => {
  const out = join(folder, 'model.onnx')
  const model = await modelOf('lenet5')
  await exportModel(model, { format: 'onnx', out })
  const session = await ort.InferenceSession.create(out)
  expect(session.inputMetadata).toMatchObject([
    { name: 'image', type: 'float32', shape: ['batch', 1, 28, 28] },
  ])
  expect(session.outputMetadata).toMatchObject([{ name: 'logits', shape: ['batch', 3] }])
  const bytes = (await readFile(out)).toString('latin1')
  expect(bytes).toContain('labels\x12\x13["cat","dog","fox"]')
})

it('safetensors hold the weights as they are', async () => {
  const out = join(folder, 'model.safetensors')
  const model = await modelOf('resnet20')
  expect(await exportModel(model, { format: 'safetensors', out })).toMatchObject({ largestDifference: 0 })
  const tensors = decodeSafetensors(await readFile(out))
  expect([...tensors.keys()]).toEqual([...model.weights.keys()])
})

it('8 bits are smaller, and close', async () => {
  const model = await modelOf('resnet20')
  const out = join(folder, 'model.onnx')
  const calibration = checkImages(model.preprocessing, 12, 1)
  const result = await exportModel(model, { format: 'onnx', out, calibration })
  expect(result.bytes / (result.floatBytes ?? 0)).toBeLessThan(0.5)
  const { logits } = await model.infer(checkImages(model.preprocessing, 1))
  expect(result.largestDifference).toBeGreaterThan(0)
  expect(result.largestDifference).toBeLessThan(0.1 * Math.max(...logits.map(Math.abs)))
  const first = await readFile(out)
  await exportModel(model, { format: 'onnx', out, calibration })
  expect(await readFile(out)).toEqual(first)
  await expect(exportModel(model, { format: 'tfjs', out, calibration })).rejects.toThrow('got tfjs')
  await expect(exportModel(model, { format: 'onnx', out, calibration: [] })).rejects.toThrow(
    'got no calibration images',
  )
})

it('a model that scales images itself takes them as they are', async () => {
  const model = await modelOf('resnet20')
  const out = join(folder, 'model.onnx')
  const images = checkImages({ ...model.preprocessing, inputSize: [20, 33] }, 3, 5)
  const result = await exportModel(model, { format: 'onnx', out, input: 'image', images })
  expect(result).toMatchObject({ images: 3, sameTop1: 3, scaling: { images: 7, sameTop1: 7 } })
  expect(result.scaling?.meanPixelDifference).toBeLessThan(0.1)

  const session = await ort.InferenceSession.create(out)
  expect(session.inputMetadata).toMatchObject([
    { name: 'image', type: 'uint8', shape: ['batch', 'height', 'width', 3] },
  ])
  const exported = await openOnnx(out, model, 'image')
  const { probabilities } = await toClassifier(exported, model).infer(images)
  const expected = await model.infer(images)
  probabilities.forEach((value, i) => {
    expect(value).toBeCloseTo(expected.probabilities[i] as number, 3)
  })

  const calibration = checkImages(model.preprocessing, 4, 1)
  const quantized = await exportModel(model, { format: 'onnx', out, input: 'image', calibration })
  expect(quantized.scaling).toMatchObject({ images: 4 })
  expect(quantized.bytes).toBeLessThan(quantized.floatBytes ?? 0)
  await expect(exportModel(model, { format: 'tfjs', out, input: 'image' })).rejects.toMatchObject({
    code: 'E_OPTION',
  })
})

it('a model with other weights does not pass', async () => {
  const [model, other] = [await modelOf('resnet20'), await modelOf('resnet20', 1)]
  const out = join(folder, 'model.onnx')
  await exportModel(other, { format: 'onnx', out })
  const images = checkImages(model.preprocessing, 20)
  const agreement = await compare(await referenceOf(model, images), await openOnnx(out, model, 'normalized'))
  expect(() => requireAgreement(agreement)).toThrow(
    /does not agree .* logits differ by up to \d\.\de[+-]\d .*; nothing was written/,
  )
})

it('what is no export is not overwritten', async () => {
  const model = await modelOf('lenet5')
  await writeFile(join(folder, 'notes.txt'), 'mine')
  for (const format of ['onnx', 'tfjs'] as const) {
    await expect(exportModel(model, { format, out: folder })).rejects.toThrow(
      'a folder with other files in it, which is not overwritten',
    )
  }
  await expect(exportModel(model, { format: 'tfjs', out: join(folder, 'notes.txt') })).rejects.toThrow(
    'is a file, which is not overwritten',
  )
  expect(await readdir(folder)).toEqual(['notes.txt'])
})
