import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { paintImages } from '../src/testing/paint-images.js'
import { convkit, makeFolder, type Result } from './convkit.js'

const quick = '--model lenet5 --epochs 3 --batch-size 4 --lr 0.01 --validation 0.34'.split(' ')

let cwd: string
let trained: Result
beforeAll(async () => {
  cwd = await makeFolder()
  await paintImages(join(cwd, 'photos'))
  trained = await convkit(cwd, 'train', 'photos', ...quick)
})
afterAll(() => rm(cwd, { recursive: true }))

const readJson = async (...path: string[]) => JSON.parse(await readFile(join(cwd, ...path), 'utf8'))

test('train prints what it has, a plain line an epoch, and what comes next', () => {
  expect(trained.code).toBe(0)
  expect(trained.stderr).toBe('')
  const lines = trained.stdout.split('\n')
  expect(lines[0]).toBe(
    'Data     photos: 18 images, 3 classes (blue 6, green 6, red 6), 12 train / 6 validation, seed 1',
  )
  expect(lines[1]).toBe('Model    lenet5 (lenet), random weights, 61.1 k parameters, input 28×28')
  expect(lines[2]).toMatch(/^Engine {3}(onnx \(onnxruntime|tensorflow \(tensorflow) .*\)$/)
  expect(lines[3]).toBe(
    'Run      runs/train-1; Ctrl-C saves and stops; resume with: convkit train --resume runs/train-1',
  )
  expect(lines.slice(4, 6)).toEqual(['', 'epoch    loss  val_loss    acc  val_acc       lr  img/s  time'])
  const epochs = lines.slice(6, 9)
  for (const [index, line] of epochs.entries()) {
    expect(line).toMatch(
      new RegExp(
        `^  ${index + 1}/3  \\d\\.\\d{4}    \\d\\.\\d{4}  \\d\\.\\d{3}    \\d\\.\\d{3}  +\\S+  +[\\d.]+  \\d:\\d\\d(  best)?$`,
      ),
    )
  }
  expect(lines[9]).toMatch(
    /^Best {5}epoch [123]: top-1 \d\.\d{3} \(95 % interval \d\.\d\d–\d\.\d\d, n = 6\), macro F1 \d\.\d\d$/,
  )
  expect(lines.at(-2)).toBe('Next     convkit predict runs/train-1 photo.jpg')
})

test("a run's folder holds everything to repeat it", async () => {
  expect((await readdir(join(cwd, 'runs/train-1'))).sort()).toEqual([
    'checkpoints',
    'config.json',
    'data-report.json',
    'environment.json',
    'events.jsonl',
    'metrics.csv',
    'model',
    'report.html',
    'split.csv',
    'summary.json',
  ])
  expect((await readdir(join(cwd, 'runs/train-1/checkpoints'))).sort()).toEqual(['best', 'last'])
  expect(await readdir(join(cwd, 'runs/train-1/model'))).toEqual(
    expect.arrayContaining(['config.json', 'model.safetensors']),
  )
  expect(await readJson('runs/train-1/config.json')).toMatchObject({
    model: 'lenet5',
    epochs: 3,
    batchSize: 4,
    seed: 1,
  })
  expect(await readJson('runs/train-1/environment.json')).toMatchObject({
    node: process.versions.node,
    seed: 1,
    engine: { name: /Engine {3}(\w+)/.exec(trained.stdout)?.[1] },
  })
  expect(await readJson('runs/train-1/model/config.json')).toMatchObject({
    architecture: 'lenet5',
    num_classes: 3,
  })
  expect(await readJson('runs/train-1/data-report.json')).toMatchObject({
    train: 12,
    validation: 6,
    unreadable: [],
  })
  expect(await readJson('runs/train-1/summary.json')).toMatchObject({
    run: 'runs/train-1',
    epochs: 3,
    validation: { images: 6 },
  })
  const split = (await readFile(join(cwd, 'runs/train-1/split.csv'), 'utf8')).trim().split('\n')
  expect(split).toHaveLength(19)
  expect(split[1]).toMatch(/^blue\/\d\.png,blue,train,[0-9a-f]{64}$/)
  const metrics = (await readFile(join(cwd, 'runs/train-1/metrics.csv'), 'utf8')).trim().split('\n')
  expect(metrics.map((line) => line.split(',')[0])).toEqual(['epoch', '1', '2', '3'])
})

test("a run's config gives the same network again, in a new folder", async () => {
  const again = await convkit(cwd, 'train', '--config', 'runs/train-1/config.json', '--json')
  expect(again.code).toBe(0)
  const { run, epochs, best, seconds } = JSON.parse(again.stdout)
  expect({ run, epochs }).toEqual({ run: 'runs/train-2', epochs: 3 })
  expect(best).toEqual((await readJson('runs/train-1/summary.json')).best)
  expect(seconds).toBeGreaterThan(0)
  expect(again.stderr).toContain('epoch    loss')
  const weights = ['train-1', 'train-2'].map((name) =>
    readFile(join(cwd, 'runs', name, 'model/model.safetensors')),
  )
  const [first, second] = await Promise.all(weights)
  expect(first?.equals(second as Buffer)).toBe(true)
})

test('evaluate --json', async () => {
  const { code, stdout } = await convkit(cwd, 'evaluate', 'runs/train-1', 'photos', '--json')
  expect(code).toBe(0)
  const result = JSON.parse(stdout)
  expect(Object.keys(result)).toEqual(['images', 'top1', 'top5', 'loss', 'perClass', 'confusion'])
  expect(result).toMatchObject({ images: 18, top5: 1 })
  expect(result.perClass[0]).toEqual({
    label: 'blue',
    precision: expect.any(Number),
    recall: expect.any(Number),
    f1: expect.any(Number),
    images: 6,
  })
  const correct = result.confusion.reduce(
    (sum: number, row: number[], label: number) => sum + (row[label] ?? 0),
    0,
  )
  expect(result.top1).toBeCloseTo(correct / 18, 10)
})

test('predict --json: in the order asked, files, folders and globs', async () => {
  const images = ['photos/red/3.png', 'photos/blue', 'photos/*/1.png']
  const { code, stdout } = await convkit(
    cwd,
    'predict',
    'runs/train-1/model',
    ...images,
    '--top',
    '2',
    '--json',
  )
  expect(code).toBe(0)
  const { predictions } = JSON.parse(stdout)
  expect(predictions.map(({ path }: { path: string }) => path)).toEqual([
    'photos/red/3.png',
    ...[0, 1, 2, 3, 4, 5].map((name) => `photos/blue/${name}.png`),
    ...['blue', 'green', 'red'].map((label) => `photos/${label}/1.png`),
  ])
  const [first] = predictions
  expect(first.top).toHaveLength(2)
  expect(first.top[0]).toEqual({
    index: expect.any(Number),
    label: expect.any(String),
    probability: expect.any(Number),
  })
  expect(first.top[0].probability).toBeGreaterThanOrEqual(first.top[1].probability)
})

test('--quiet prints the result only', async () => {
  const quiet = await convkit(cwd, 'train', 'photos', ...quick, '--epochs', '1', '--out', 'quiet', '--quiet')
  expect(quiet).toEqual({ code: 0, stdout: 'quiet/train-1\n', stderr: '' })
  const predicted = await convkit(
    cwd,
    'predict',
    'quiet/train-1',
    'photos/red/0.png',
    '--quiet',
    '--top',
    '1',
  )
  expect(predicted.stdout).toMatch(/^photos\/red\/0\.png {2}\w+ \d\.\d{3}\n$/)
})

test('an image that cannot be read is named: left out of training, a failure of evaluate and predict', async () => {
  await paintImages(join(cwd, 'damaged'))
  await writeFile(join(cwd, 'damaged/blue/broken.png'), 'no image')
  const { code, stdout } = await convkit(
    cwd,
    'train',
    'damaged',
    ...quick,
    '--epochs',
    '1',
    '--out',
    'damaged-runs',
  )
  expect(code).toBe(0)
  expect(stdout).toContain('Skipped  1 image: blue/broken.png is not an image (data-report.json)\n')
  expect((await readJson('damaged-runs/train-1/data-report.json')).unreadable).toEqual([
    { path: 'blue/broken.png', reason: 'is not an image' },
  ])
  for (const command of ['evaluate', 'predict']) {
    const failed = await convkit(cwd, command, 'runs/train-1', 'damaged')
    expect(failed).toMatchObject({ code: 1, stdout: expect.not.stringContaining('top-1') })
    expect(failed.stderr).toMatch(/^Error {4}.*damaged\/blue\/broken\.png is not an image \(E_IMAGE\)\n$/)
  }
})

test('data with classes that the model does not know are refused', async () => {
  await paintImages(join(cwd, 'others'), { blue: 1, yellow: 1 })
  const { code, stderr } = await convkit(cwd, 'evaluate', 'runs/train-1', 'others')
  expect(stderr).toContain(
    'others has classes that the model does not know: yellow; it knows blue, green, red (E_CLASSES)',
  )
  expect(code).toBe(1)
})
