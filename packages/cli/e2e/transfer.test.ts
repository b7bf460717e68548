import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { paintImages } from '../src/testing/paint-images.js'
import { convkit, makeFolder, start } from './convkit.js'

let cwd: string
beforeAll(async () => {
  cwd = await makeFolder()
  await paintImages(join(cwd, 'photos'), { red: 6, green: 6, blue: 6 })
  const pretrained = await convkit(
    cwd,
    ...'train photos --model resnet20 --epochs 1 --batch-size 4 --augment none --out before'.split(' '),
  )
  expect(pretrained).toMatchObject({ code: 0 })
}, 120_000)
afterAll(() => rm(cwd, { recursive: true }))

const tune = (out: string, ...more: readonly string[]) => [
  ...`train photos --weights before/train-1 --epochs 2 --batch-size 4 --out ${out}`.split(' '),
  ...more,
]

test('auto prints what it measured, trains, and the model predicts', { timeout: 120_000 }, async () => {
  const { stdout, code } = await convkit(cwd, ...tune('auto', '--strategy', 'auto'))
  expect(stdout).toMatch(/Measured linear probes/)
  expect(stdout).toMatch(/features of +width +top-1 +loss/)
  expect(stdout).toMatch(/layer1 +16 +\d\.\d{3}/)
  expect(stdout).toMatch(
    /Strategy (feature-extraction|shallow-features): 5 images a class; the task is (similar|unlike); /,
  )
  expect(code).toBe(0)
  const config = JSON.parse(await readFile(join(cwd, 'auto/train-1/config.json'), 'utf8'))
  expect(config.strategy).toMatch(/^(feature-extraction|shallow-features)$/)
  const predicted = await convkit(cwd, 'predict', 'auto/train-1', 'photos', '--json')
  expect(JSON.parse(predicted.stdout).predictions).toHaveLength(18)
})

test('a choice is overruled, and a run with an early head is resumed', { timeout: 120_000 }, async () => {
  const asked = tune('shallow', '--strategy', 'shallow-features').map((word) => (word === '2' ? '100' : word))
  const { child, printed, result } = start(cwd, [...asked, '--patience', '0'])
  await printed(/^ +2\/100 /m)
  child.kill('SIGINT')
  expect((await result).code).toBe(130)
  const { head } = JSON.parse(await readFile(join(cwd, 'shallow/train-1/config.json'), 'utf8'))
  expect(head.stages.length).toBeGreaterThan(0)
  const resumed = await convkit(cwd, 'train', '--resume', 'shallow/train-1', '--json')
  expect(JSON.parse(resumed.stdout)).toMatchObject({ epochs: 100 })
  const evaluated = await convkit(cwd, 'evaluate', 'shallow/train-1', 'photos', '--json')
  expect(JSON.parse(evaluated.stdout).images).toBe(18)
})

test('a wrong use says the remedy', async () => {
  const without = await convkit(cwd, 'train', 'photos', '--strategy', 'auto')
  expect(without.stderr).toContain('--strategy auto uses pretrained weights: name them with --weights')
  const both = await convkit(cwd, ...tune('both', '--strategy', 'auto', '--freeze', 'layer1'))
  expect(both.stderr).toContain('--strategy says what is frozen: leave --freeze layer1 out')
  const lost = await convkit(cwd, ...tune('lost', '--freeze', 'layr1'))
  expect(lost.stderr).toMatch(/no layer 'layr1' \(nearest: /)
}, 60_000)

test('embed writes files that NumPy and Parquet readers open', { timeout: 60_000 }, async () => {
  const npz = await convkit(cwd, 'embed', 'before/train-1', 'photos', '--json')
  expect(JSON.parse(npz.stdout)).toEqual({ out: 'embeddings.npz', images: 18, width: 64 })
  const { readNpz } = await import('@convkit/weights')
  const arrays = await readNpz(join(cwd, 'embeddings.npz'))
  expect(arrays.get('embeddings')?.shape).toEqual([18, 64])
  const stages = ['--stages', 'layer1,layer2', '--out', 'early.parquet']
  const parquet = await convkit(cwd, 'embed', 'before/train-1', 'photos', ...stages, '--json')
  expect(JSON.parse(parquet.stdout)).toEqual({ out: 'early.parquet', images: 18, width: 48 })
  const wrong = await convkit(cwd, 'embed', 'before/train-1', 'photos', '--out', 'a.csv')
  expect(wrong.stderr).toContain('--out must end in .npz or .parquet, got a.csv')
})

test('lr-find draws a curve and suggests a rate', { timeout: 60_000 }, async () => {
  const asked = 'lr-find photos --model lenet5 --batch-size 4 --steps 40 --to 10 --svg lr.svg'.split(' ')
  const { stdout, code } = await convkit(cwd, ...asked)
  expect(code).toBe(0)
  expect(stdout).toMatch(/│/)
  expect(stdout).toMatch(/learning rate 1e-6 to \d/)
  const svg = await readFile(join(cwd, 'lr.svg'), 'utf8')
  expect(svg).toMatch(/^<svg[\s\S]*learning rate[\s\S]*<\/svg>/)
})

test('train --lr auto tries growing rates first, and the run keeps what it found', {
  timeout: 120_000,
}, async () => {
  const asked = 'train photos --model lenet5 --batch-size 4 --epochs 2 --patience 0 --out'.split(' ')
  const { stdout, code } = await convkit(cwd, ...asked, 'rated', '--lr', 'auto')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^Rate {5}\d\.\de[+-]\d+, by \d+ steps of growing rates; another one with --lr$/m)
  const read = async (file: string) => JSON.parse(await readFile(join(cwd, 'rated/train-1', file), 'utf8'))
  const { points, suggestion } = await read('learning-rates.json')
  expect((await read('config.json')).lr).toBe(suggestion)
  expect(points[0].learningRate).toBeCloseTo(1e-6)
  expect(await readFile(join(cwd, 'rated/train-1/report.html'), 'utf8')).toContain('Learning-rate test')
  // The test leaves no trace in the weights.
  expect((await convkit(cwd, ...asked, 'given', '--lr', String(suggestion))).code).toBe(0)
  const weights = (run: string) => readFile(join(cwd, run, 'train-1/model/model.safetensors'))
  expect((await weights('rated')).equals(await weights('given'))).toBe(true)
})
