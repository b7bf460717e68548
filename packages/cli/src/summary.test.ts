import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { run } from './program.js'
import { paintImages } from './testing/paint-images.js'
import { convkit, testHost } from './testing/test-host.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convkit-summary-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('summary measures the effective receptive field on images, and draws it', async () => {
  const photos = await paintImages(join(folder, 'photos'), { red: 2 })
  const file = join(folder, 'erf.png')
  const { stdout } = await convkit(
    ...['summary', 'lenet5', '--effective-receptive-field', file, '--images', photos, '--json'],
  )
  const { effectiveReceptiveField: field, input } = JSON.parse(stdout)
  expect(field).toMatchObject({ file, images: 2 })
  const [height] = field.theoretical
  expect(field.side68).toBeLessThan(field.side95)
  expect(field.side95).toBeLessThanOrEqual(height)
  const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true })
  expect([info.height, info.width]).toEqual(input.slice(1, 3))
  const lit = Array.from({ length: info.width * info.height }, (_, i) => data[3 * i + 2]).filter(Boolean)
  expect(lit.length).toBeGreaterThan(field.side68 ** 2 / 2)
  expect(lit.length).toBeLessThanOrEqual(height ** 2)
})

test('summary measures it on noise, and says so', async () => {
  const file = join(folder, 'erf.png')
  const { stdout } = await convkit('summary', 'lenet5', '--effective-receptive-field', file)
  expect(stdout).toMatch(
    /\n68 % of what the centre of \S+ sees is in \d+×\d+ pixels, 95 % in \d+×\d+, of \d+×\d+ in theory \(16 images of noise\): .*erf\.png\n$/,
  )
})

test('summary refuses a picture of another kind and a folder without images', async () => {
  const jpeg = await convkit('summary', 'lenet5', '--effective-receptive-field', 'erf.jpg')
  expect(jpeg).toMatchObject({ code: 2, stderr: expect.stringContaining('must end in .png, got erf.jpg') })
  const file = join(folder, 'erf.png')
  const empty = await convkit('summary', 'lenet5', '--effective-receptive-field', file, '--images', folder)
  expect(empty.stderr).toContain('holds no images')
})

test('summary fits a terminal of 80 columns, and cuts no name for a pipe', async () => {
  const host = testHost()
  const stdout = { ...host.stdout, isTTY: true, columns: 80 }
  await run(['summary', 'googlenet'], { ...host, stdout })
  const lines = host.written.stdout.split('\n')
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
  expect(lines.filter((line) => line.startsWith('…')).length).toBeGreaterThan(10)
  expect((await convkit('summary', 'googlenet')).stdout).toContain('inception5b.branch4.1.conv  conv2d')
})
