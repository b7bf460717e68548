import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import blocks from '@convkit/blocks'
import { createRegistry, createVariant } from '@convkit/core'
import { onnxEngine } from '@convkit/engine-onnx'
import zoo from '@convkit/zoo'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { exportModel } from './export-model.js'

const registry = createRegistry(blocks, zoo)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convkit-export-'))
})
afterAll(() => rm(folder, { recursive: true }))

it.each(
  ['resnet20', 'densenet_bc_100_12', 'mobilenetv3_small_100', 'convnext_atto'].flatMap((name) =>
    (['normalized', 'pixels'] as const).map((input) => [name, input] as const),
  ),
)('%s that takes %s agrees as a SavedModel', async (name, input) => {
  const model = await createVariant(registry.model(name), {
    registry,
    engine: await onnxEngine(),
    preprocessing: { inputSize: [32, 32] },
  })
  const out = join(folder, `${name}-${input}`)
  const result = await exportModel(model, { format: 'savedmodel', out, input })
  expect(result).toMatchObject({ images: 20, sameTop1: 20 })
  expect(result.runtime).toMatch(/^tensorflow /)
  expect(await readdir(out)).toEqual(['assets.extra', 'saved_model.pb'])
})
