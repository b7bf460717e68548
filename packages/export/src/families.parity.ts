import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import blocks from '@convkit/blocks'
import { createRegistry, createVariant, type Engine } from '@convkit/core'
import { onnxEngine } from '@convkit/engine-onnx'
import zoo from '@convkit/zoo'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { exportModel } from './export-model.js'

const registry = createRegistry(blocks, zoo)

/** Of each family the variant that comes first: one of the smallest. */
const smallest = [
  ...new Map([...registry.models].reverse().map(([name, { architecture }]) => [architecture.name, name])),
]

/** Sides of small images that a family takes. */
const sides: Readonly<Record<string, number>> = { alexnet: 127, lenet: 28 }
const inception = 139

let folder: string
let engine: Engine
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convkit-export-'))
  engine = await onnxEngine()
})
afterAll(() => rm(folder, { recursive: true }))

it.each(smallest)('%s: %s is written as ONNX and TensorFlow.js, and agrees', async (family, name) => {
  const side = sides[family] ?? (family.startsWith('inception') ? inception : 64)
  const model = await createVariant(registry.model(name), {
    registry,
    engine,
    classes: 10,
    // with a first wide layer for so few pixels
    ...(family === 'vgg' && { config: { window: [2, 2] } }),
    preprocessing: { inputSize: [side, side] },
  })
  for (const format of ['onnx', 'tfjs'] as const) {
    const result = await exportModel(model, { format, out: join(folder, `${name}-${format}`) })
    expect(result).toMatchObject({ images: 20, sameTop1: 20 })
  }
  await model.dispose()
})
