import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { paintImages } from './testing/paint-images.js'
import { convkit } from './testing/test-host.js'

let folder: string
let data: string
let model: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convkit-evaluate-'))
  data = await paintImages(join(folder, 'photos'), { blue: 4, green: 4 })
  const argv = '--model lenet5 --epochs 2 --batch-size 4 --engine reference'.split(' ')
  const { code } = await convkit('train', data, '--out', join(folder, 'runs'), ...argv)
  expect(code).toBe(0)
  model = join(folder, 'runs/train-1')
}, 60_000)
afterAll(() => rm(folder, { recursive: true }))

const evaluate = async (...argv: string[]) => {
  const { code, stdout, stderr } = await convkit(
    'evaluate',
    model,
    data,
    '--engine',
    'reference',
    ...argv,
    '--json',
  )
  return { code, stderr, result: stdout === '' ? undefined : JSON.parse(stdout) }
}

test.each(['flip', 'five-crop', 'ten-crop', 'multi-scale', 'dense'])(
  '--tta %s measures every image',
  { timeout: 60_000 },
  async (tta) => {
    const [plain, seen] = [await evaluate(), await evaluate('--tta', tta)]
    expect(seen.stderr).toContain(`Views    ${tta}, mean of the probabilities`)
    expect(seen.code).toBe(0)
    expect(Object.keys(seen.result)).toEqual(Object.keys(plain.result))
    expect(seen.result.images).toBe(8)
    expect(seen.result.loss).not.toBe(plain.result.loss)
    expect(Math.abs(seen.result.loss - plain.result.loss)).toBeLessThan(0.5)
  },
)

test('views are averaged as asked for', { timeout: 60_000 }, async () => {
  const losses: number[] = []
  for (const average of ['mean', 'geometric', 'max']) {
    losses.push((await evaluate('--tta', 'flip', '--tta-average', average)).result.loss)
  }
  expect(new Set(losses).size).toBe(3)
  expect(await evaluate('--tta-average', 'max')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--tta-average says how views are averaged: name them with --tta'),
  })
  expect(await evaluate('--tta', 'tencrop')).toMatchObject({ code: 2 })
})
