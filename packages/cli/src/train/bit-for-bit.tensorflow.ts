import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tensorflow from '@convkit/engine-tensorflow'
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

// In an epoch's middle, at its end, and after it.
test.each([1, 2, 3, 5, 9])(
  'a run that is interrupted in step %d ends as the one that is not, to the last bit',
  async (step) => {
    const { training, resumed } = interruptedTraining('tensorflow', tensorflow, data, join(folder, `${step}`))
    const whole = await training('whole')
    expect(whole).toMatchObject({ code: 0, steps: 9, stderr: '' })
    const cut = await training('cut', step)
    expect(cut).toMatchObject({ code: 130, steps: step })
    expect(await resumed(cut.path)).toBe(0)
    expect(await traces(cut.path)).toEqual(await traces(whole.path))
  },
)
