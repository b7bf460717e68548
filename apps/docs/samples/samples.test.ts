import { readFile } from 'node:fs/promises'
import augment, { parseAugmentation } from '@convkit/augment'
import { createModel, createRegistry, random } from '@convkit/core'
import { checkArchitecture } from '@convkit/core/testing'
import onnx from '@convkit/engine-onnx'
import { fit, sgd } from '@convkit/train'
import zoo from '@convkit/zoo'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

// Samples that need no files of a user's are run as they stand; all of them are type-checked.

test('the recipe in YAML is one', async () => {
  const text = await readFile(new URL('recipe.yaml', import.meta.url), 'utf8')
  const { crop, transforms, mix } = parseAugmentation(
    parse(text),
    createRegistry(augment),
    'recipe.yaml',
  )
  expect(transforms.map(({ name }) => name).slice(0, 2)).toEqual([
    'horizontal-flip',
    'color-jitter',
  ])
  expect([typeof crop, typeof mix?.apply]).toEqual(['function', 'function'])
})

test('the transform of one’s own darkens', async () => {
  const { dusk } = await import('./own-transform.js')
  const image = {
    height: 1,
    width: 2,
    channels: 1,
    data: Uint8Array.of(200, 100),
  } as const
  const { data } = await dusk.apply(image, random(1, 'dusk'))
  expect(data[0]).toBeGreaterThanOrEqual(100)
  expect(data[0]).toBeLessThan(200)
})

test('the plugins hold what every architecture must hold', async () => {
  await import('./plugin-test.js')
  const { default: wideKernel } = await import('./plugin-block.js')
  checkArchitecture({
    model: 'resnet20',
    registry: createRegistry(zoo, wideKernel),
    inputSize: [8, 8],
    config: { block: 'wide-kernel', layers: [1, 1, 1] },
  })
})

test('the dataset and the callback of one’s own train a network', async () => {
  const [{ shades }, { goodEnough }, { default: plugin }] = await Promise.all([
    import('./own-dataset.js'),
    import('./own-callback.js'),
    import('./plugin.js'),
  ])
  const model = await createModel('tinynet_8', {
    registry: createRegistry(plugin, onnx),
    engine: 'onnx',
    classes: shades.classes,
    preprocessing: { inputSize: [16, 16], channels: 1, cropPct: 1 },
  })
  const { stopped, epochs } = await fit(model, shades, {
    epochs: 50,
    batchSize: 5,
    optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
    callbacks: [goodEnough(0.3)],
  })
  expect(stopped).toBe(`good enough after epoch ${epochs}`)
  expect(epochs).toBeLessThan(50)
})
