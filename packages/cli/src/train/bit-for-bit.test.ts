import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import onnx from '@convkit/engine-onnx'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { interruptedTraining, traces } from '../testing/interrupted-training.js'
import { paintImages } from '../testing/paint-images.js'

let folder: string
let data: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convkit-bits-'))
  data = await paintImages(join(folder, 'photos'), { blue: 6, green: 6, red: 6 }, 32)
})
afterAll(() => rm(folder, { recursive: true }))

test('a run that is interrupted at any step ends as the one that is not, to the last bit', {
  timeout: 120_000,
}, async () => {
  const { training, resumed } = interruptedTraining('onnx', onnx, data, folder)
  const whole = await training('whole')
  expect(whole).toMatchObject({ code: 0, stderr: '' })
  const expected = await traces(whole.path)
  expect(whole.steps).toBe(9)
  expect(expected.optimizer.get('stem.conv.weight')).not.toEqual(expected.model.get('stem.conv.weight'))
  for (let step = 1; step <= whole.steps; step++) {
    const cut = await training(`cut-${step}`, step)
    expect(cut).toMatchObject({ code: 130, steps: step })
    expect(await resumed(cut.path)).toBe(0)
    expect(await traces(cut.path)).toEqual(expected)
  }
})
