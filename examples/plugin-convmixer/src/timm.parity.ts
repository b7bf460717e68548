import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createModel, createRegistry, decodeSafetensors } from '@convkit/core'
import { relativeDifference } from '@convkit/core/testing'
import onnx from '@convkit/engine-onnx'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runPython } from '../../../tools/python.mjs'
import plugin from './index.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convmixer-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const script = join(import.meta.dirname, '../../../tools/parity/zoo.py')
const read = (file: string) => decodeSafetensors(readFileSync(join(folder, file)), file)

test.each(['convmixer_768_32', 'convmixer_1024_20_ks9_p14', 'convmixer_1536_20'] as const)(
  '%s has timm’s logits for timm’s weights',
  async (name) => {
    const [size, batch] = [112, 2]
    runPython(script, [folder, name, String(size), String(batch)])
    const model = await createModel(name, {
      registry: createRegistry(plugin, onnx),
      weights: read('weights.safetensors'),
      preprocessing: { inputSize: [size, size], cropPct: 1 },
    })
    const bytes = size * size * 3
    const images = readFileSync(join(folder, 'images.bin'))
    const { logits } = await model.infer(
      Array.from({ length: batch }, (_, i) => ({
        height: size,
        width: size,
        channels: 3,
        data: images.subarray(i * bytes, (i + 1) * bytes),
      })),
    )
    await model.dispose()
    const expected = read('expected.safetensors').get('logits')?.data ?? []
    expect(relativeDifference(logits, expected)).toBeLessThan(1e-4)
  },
)
