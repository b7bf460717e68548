import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createModel, defaultRegistry, type ModelName } from '@convkit/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import '@convkit/zoo/register'
import '@convkit/engine-onnx/register'
import { runPython } from '../../../../tools/python.mjs'
import { fromKeras } from './from-keras.js'
import { readKeras } from './read-keras.js'

// tools/parity.mjs leaves this file out where the Python has no Keras.

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convkit-keras-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/**
 * Keras's network, the zoo's, its input size, and the files that it is saved as: the smallest of each family, whose others
 * have more of the same layers. Sizes that halve to odd ones tell ways of padding apart.
 */
const networks: [string, ModelName, number, string[]][] = [
  ['VGG16', 'vgg16', 224, ['a.h5']],
  ['VGG16', 'vgg16', 75, ['a.keras', 'a.weights.h5']],
  ['ResNet50', 'resnet50_v1', 64, ['a.h5', 'a.keras', 'a.weights.h5']],
  ['ResNet50', 'resnet50_v1', 75, ['a.h5']],
  ['ResNet50V2', 'resnet50_v2', 64, ['a.keras']],
  ['ResNet50V2', 'resnet50_v2', 75, ['a.keras']],
  ['InceptionV3', 'inception_v3', 139, ['a.h5']],
  ['DenseNet121', 'densenet121', 64, ['a.h5']],
  ['DenseNet121', 'densenet121', 75, ['a.h5']],
  ['MobileNet', 'mobilenetv1_100', 64, ['a.keras']],
  ['MobileNet', 'mobilenetv1_100', 75, ['a.keras']],
  ['MobileNetV2', 'mobilenetv2_100', 64, ['a.keras', 'a.h5', 'a.weights.h5']],
  ['MobileNetV2', 'mobilenetv2_100', 75, ['a.keras']],
]
const classes = 7

test.each(networks)('%s computes as in Keras, as %s at %i pixels', async (keras, name, size, files) => {
  const script = join(import.meta.dirname, '../../../../tools/parity/keras-applications.py')
  runPython(script, [folder, keras, `${size}`, `${classes}`, ...files])
  const data = readFileSync(join(folder, 'images.bin'))
  const expected = new Float32Array(new Uint8Array(readFileSync(join(folder, 'logits.bin'))).buffer)
  const images = [0, 1].map((i) => ({
    height: size,
    width: size,
    channels: 3 as const,
    data: data.subarray((i * data.length) / 2, ((i + 1) * data.length) / 2),
  }))
  for (const file of files) {
    const model = await createModel(name, {
      weights: fromKeras(await readKeras(join(folder, file)), defaultRegistry().model(name)),
      preprocessing: { inputSize: [size, size], cropPct: 1 },
      engine: 'onnx',
    })
    expect(model.classes).toHaveLength(classes)
    const { logits } = await model.infer(images)
    await model.dispose()
    const largest = Math.max(...expected.map(Math.abs))
    const difference = Math.max(...expected.map((value, i) => Math.abs(value - (logits[i] ?? Number.NaN))))
    expect(difference / largest, file).toBeLessThan(1e-4)
  }
})
