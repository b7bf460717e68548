import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRegistry, createVariant } from '@convkit/core'
import { saveModel } from '@convkit/core/node'
import { referenceEngine } from '@convkit/core/testing'
import { readNpz } from '@convkit/weights'
import zoo from '@convkit/zoo'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { paintImages } from './testing/paint-images.js'
import { convkit } from './testing/test-host.js'

let folder: string
const at = (...parts: readonly string[]) => join(folder, ...parts)
const explain = (...argv: readonly string[]) =>
  convkit('explain', at('model'), '--json', '--out', at('out'), ...argv)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convkit-explain-'))
  await paintImages(at('photos'), { blue: 1, red: 1 }, 70)
  const registry = createRegistry(zoo)
  const model = await createVariant(registry.model('resnet20'), {
    registry,
    engine: referenceEngine(),
    classes: ['blue', 'green', 'red'],
    preprocessing: { inputSize: [8, 8] },
  })
  await saveModel(model, at('model'))
})
afterAll(() => rm(folder, { recursive: true }))

test('writes an overlay and a raw map for each image, named apart', async () => {
  const { code, stdout } = await explain(at('photos'))
  expect(code).toBe(0)
  const { explanations } = JSON.parse(stdout)
  const { predictions } = JSON.parse((await convkit('predict', at('model'), at('photos'), '--json')).stdout)
  expect(explanations).toHaveLength(2)
  expect((await readdir(at('out'))).sort()).toEqual(['0-2.npz', '0-2.png', '0.npz', '0.png'])
  for (const [i, { path, label, probability, layer, overlay, map }] of explanations.entries()) {
    expect({ path, label, probability }).toEqual({
      path: predictions[i].path,
      label: predictions[i].top[0].label,
      probability: predictions[i].top[0].probability,
    })
    expect(layer).toBe('layer3')
    // eight times the network's input, as large as the photo has it
    expect(await sharp(overlay).metadata()).toMatchObject({ format: 'png', width: 64, height: 64 })
    const values = (await readNpz(map)).get('map')
    expect(values?.shape).toEqual([2, 2])
  }
})

test('looks at another layer, for another class, by another method', async () => {
  const given = ['--layer', 'layer1.0.conv1', '--method', 'grad-cam++']
  const byName = await explain(at('photos/red/0.png'), ...given, '--class', 'green')
  const [first] = JSON.parse(byName.stdout).explanations
  expect(first).toMatchObject({ index: 1, label: 'green', layer: 'layer1.0.conv1' })
  const map = (await readNpz(first.map)).get('map')
  expect(map?.shape).toEqual([8, 8])
  const byIndex = await explain(at('photos/red/0.png'), ...given, '--class', '1')
  expect(byIndex.stdout).toBe(byName.stdout)
})

test.each([
  [['--class', 'gren'], "resnet20 has no class 'gren' (nearest: green, red, blue)"],
  [['--class', '3'], "has no class '3'"],
  [['--layer', 'layer9'], "resnet20 has no layer 'layer9' with a map (nearest: layer1, layer2, layer3)"],
  [['--method', 'cam'], 'Allowed choices are grad-cam, grad-cam++'],
])('says what %j cannot be', async (argv, message) => {
  const { code, stderr } = await explain(at('photos'), ...argv)
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
})
