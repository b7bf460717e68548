import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createModel } from '@convkit/core'
import { relativeDifference } from '@convkit/core/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import '@convkit/zoo/register'
import '@convkit/engine-onnx/register'
import { runPython } from '../../../../tools/python.mjs'
import '../register.js'

// tools/parity.mjs leaves this file out where the Python has no Keras.

const [size, classes] = [224, 3]
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'convkit-teachable-'))
  runPython(join(import.meta.dirname, '../../../../tools/parity/teachable-machine.py'), [
    folder,
    `${classes}`,
  ])
})
afterAll(() => rmSync(folder, { recursive: true }))

const own = { mean: [127 / 255, 127 / 255, 127 / 255], std: [127 / 255, 127 / 255, 127 / 255] }

// A file of Keras does not say how images are prepared.
test.each([
  ['', {}],
  ['keras.h5', { ...own, cropPct: 1 }],
  ['keras.keras', { ...own, cropPct: 1 }],
])('a Teachable Machine export gives its own probabilities (%s)', async (file, preprocessing) => {
  const data = readFileSync(join(folder, 'images.bin'))
  const expected = new Float32Array(new Uint8Array(readFileSync(join(folder, 'probabilities.bin'))).buffer)
  const model = await createModel('mobilenetv2_035', {
    ...{ weights: join(folder, file), preprocessing, engine: 'onnx' },
  })
  expect(model.pretrained).toMatchObject({ newHead: false, notes: [] })
  if (file === '') expect(model.classes).toEqual(['Class 1', 'Class 2', 'Class 3'])
  const length = size * size * 3
  const images = [0, 1].map((i) => ({
    ...{ height: size, width: size, channels: 3 as const },
    data: data.subarray(i * length, (i + 1) * length),
  }))
  expect(model.preprocessing).toMatchObject({ inputSize: [size, size], cropPct: 1, ...own })
  const { probabilities } = await model.infer(images)
  await model.dispose()
  expect(relativeDifference(probabilities, expected)).toBeLessThan(1e-4)
})
