import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readWeights } from '@convkit/core/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../program.js'
import { interruptedHost } from '../testing/interrupted-host.js'
import { paintImages } from '../testing/paint-images.js'
import { convkit, testHost } from '../testing/test-host.js'

let folder: string
let data: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convkit-train-'))
  data = await paintImages(join(folder, 'photos'), { blue: 3, green: 3 })
})
afterAll(() => rm(folder, { recursive: true }))

const quick = '--model lenet5 --epochs 2 --batch-size 2 --validation 0.34 --engine reference'.split(' ')
const train = (out: string, ...more: string[]) =>
  convkit('train', data, '--out', join(folder, out), ...quick, ...more)
const weightsOf = async (path: string) =>
  [...(await readWeights(path)).values()].map((tensor) => [...tensor.data])

test('a run interrupted after any step continues bit for bit', { timeout: 60_000 }, async () => {
  const whole = await train('whole')
  expect(whole.code).toBe(0)

  const host = testHost()
  const interrupting = interruptedHost(host, (step) => step === 3 && host.signal('SIGINT'))
  const out = join(folder, 'cut')
  expect(await run(['train', data, '--out', out, ...quick], interrupting)).toBe(130)
  const cut = join(out, 'train-1')
  expect(host.written.stderr).toBe(`Stopped  saved; resume with: convkit train --resume ${cut}\n`)
  expect(await readdir(cut)).not.toContain('model')

  const resumed = await convkit('train', '--resume', cut)
  expect(resumed).toMatchObject({ code: 0, stderr: '' })
  expect(await weightsOf(join(cut, 'model'))).toEqual(await weightsOf(join(folder, 'whole/train-1/model')))
  const withoutTimes = async (run: string) =>
    (await readFile(join(run, 'metrics.csv'), 'utf8')).split('\n').map((line) => line.split(',').slice(0, 6))
  expect(await withoutTimes(cut)).toEqual(await withoutTimes(join(folder, 'whole/train-1')))
})

test('an augmentation is said, kept in the config and taken up again', { timeout: 60_000 }, async () => {
  const recipe = join(folder, 'mine.yaml')
  await writeFile(
    recipe,
    'crop: { name: random-resized-crop, scale: [0.5, 1] }\ntransforms: [horizontal-flip]\n',
  )
  const host = testHost()
  const interrupting = interruptedHost(host, (step) => step === 2 && host.signal('SIGINT'))
  const out = join(folder, 'augmented')
  const argv = ['train', data, '--out', out, ...quick, '--augment', recipe]
  expect(await run(argv, interrupting)).toBe(130)
  expect(host.written.stdout).toContain('Augment  mine.yaml: crop, horizontal-flip\n')
  await rm(recipe)

  const cut = join(out, 'train-1')
  const { augment } = JSON.parse(await readFile(join(cut, 'config.json'), 'utf8'))
  const kept = {
    name: 'mine.yaml',
    crop: { name: 'random-resized-crop', scale: [0.5, 1] },
    transforms: ['horizontal-flip'],
  }
  expect(augment).toEqual(kept)
  const resumed = await convkit('train', '--resume', cut)
  expect(resumed.code).toBe(0)
  expect(resumed.stdout).toContain('Augment  mine.yaml: crop, horizontal-flip\n')

  await writeFile(recipe, JSON.stringify(kept))
  const whole = await train('augmented-whole', '--augment', recipe)
  expect(whole.code).toBe(0)
  expect(await weightsOf(join(cut, 'model'))).toEqual(
    await weightsOf(join(folder, 'augmented-whole/train-1/model')),
  )
  const plain = await train('augmented-not', '--augment', 'none')
  expect(plain.stdout).not.toContain('Augment')
})

test('a learning rate that is none is refused', async () => {
  const wrong = await train('wrong', '--lr', 'high')
  expect(wrong.stderr).toContain('--lr must be a number above 0 or auto, got "high"')
})

test('photos are changed lightly, small images not unless it is asked for', { timeout: 60_000 }, async () => {
  const photos = await paintImages(join(folder, 'photos64'), { blue: 3, green: 3 }, 64)
  const augmentOf = async (images: string, name: string) => {
    const argv = ['--out', join(folder, name), ...quick, '--epochs', '1']
    expect(await convkit('train', images, ...argv)).toMatchObject({ code: 0 })
    return JSON.parse(await readFile(join(folder, name, 'train-1/config.json'), 'utf8')).augment
  }
  expect(await augmentOf(photos, 'light')).toBe('light')
  expect(await augmentOf(data, 'none')).toBe('none')
})

test('an augmentation that is wrong is said before images are read', async () => {
  const refused = await convkit('train', join(folder, 'missing'), ...quick, '--augment', 'lihgt')
  expect(refused).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("There is no augmentation 'lihgt'"),
  })
})

test('a second signal ends the process at once', { timeout: 60_000 }, async () => {
  const host = testHost()
  const signals = (step: number) => {
    if (step !== 1) return
    host.signal('SIGTERM')
    host.signal('SIGTERM')
  }
  const argv = ['train', data, '--out', join(folder, 'twice'), ...quick]
  const code = await run(argv, interruptedHost(host, signals))
  expect([code, host.exits]).toEqual([143, [143]])
})

test('weights of a folder with other classes get a new head', { timeout: 60_000 }, async () => {
  await train('from')
  const from = join(folder, 'from/train-1')
  const other = await paintImages(join(folder, 'other'), { blue: 3, green: 3, red: 3 })
  const argv = [
    '--weights',
    from,
    '--out',
    join(folder, 'tuned'),
    '--epochs',
    '1',
    '--lr',
    '1e-9',
    '--optimizer',
    'sgd',
  ]
  const tuned = await convkit('train', other, ...argv, '--engine', 'reference')
  expect(tuned.stdout).toContain(`Model    lenet5 (lenet), weights of ${from} with a new head`)
  const [old, now] = await Promise.all([
    readWeights(join(from, 'model')),
    readWeights(join(folder, 'tuned/train-1/model')),
  ])
  expect(now.get('fc3.weight')?.shape).toEqual([3, 84])
  const distance = Math.max(
    ...[...(now.get('conv1.weight')?.data ?? [])].map((x, i) =>
      Math.abs(x - (old.get('conv1.weight')?.data[i] ?? 9)),
    ),
  )
  expect(distance).toBeLessThan(1e-6)

  const refused = await convkit(
    'train',
    data,
    '--weights',
    from,
    '--model',
    'resnet18',
    '--engine',
    'reference',
  )
  expect(refused).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`${from} is a lenet5, and --model asks for resnet18`),
  })
})

test('without validation images the last weights are kept', { timeout: 60_000 }, async () => {
  const { code, stdout } = await train('alone', '--validation', '0', '--epochs', '1', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toEqual({
    run: join(folder, 'alone/train-1'),
    epochs: 1,
    best: { epoch: 1, top1: expect.any(Number), loss: expect.any(Number) },
    seconds: expect.any(Number),
  })
})

test('early stopping says so; unreadable images are named and left out', { timeout: 60_000 }, async () => {
  const photos = await paintImages(join(folder, 'damaged'), { blue: 4, green: 11 })
  await writeFile(join(photos, 'blue', 'broken.png'), '')
  const argv = [
    '--out',
    join(folder, 'stopped'),
    '--lr',
    '1e-12',
    '--optimizer',
    'sgd',
    '--patience',
    '1',
    '--validation',
    '0.25',
  ]
  const { stdout, stderr } = await convkit('train', photos, ...quick, ...argv, '--epochs', '9')
  expect(stdout).toContain('Skipped  1 image: blue/broken.png is empty (data-report.json)\n')
  expect(stderr).toBe(
    'Warning  blue has 2.7× fewer images than green: --class-weights balanced weighs the loss, --oversample draws them more often\n',
  )
  expect(stdout).toMatch(
    /Stopped {2}val_loss has not improved for 1 epoch; epoch \d's weights restored \(--patience\)\n/,
  )
})

test('images that are validated on too, or come under two labels, are warned of', {
  timeout: 60_000,
}, async () => {
  const photos = await paintImages(join(folder, 'repeated', 'train'), { blue: 3, green: 3 })
  await paintImages(join(folder, 'repeated', 'val'), { blue: 1, green: 1 })
  await copyFile(join(photos, 'blue', '1.png'), join(photos, 'green', 'again.png'))
  const root = join(folder, 'repeated')
  const { stderr } = await convkit(
    'train',
    root,
    ...quick,
    '--out',
    join(folder, 'repeated-runs'),
    '--epochs',
    '1',
  )
  expect(stderr).toContain(
    [
      'Warning  2 images trained on and validated on alike, such as train/blue/0.png (blue) and val/blue/0.png (blue) (data-report.json)',
      'Warning  1 image again under another label, such as train/blue/1.png (blue) and train/green/again.png (green) (data-report.json)',
      '',
    ].join('\n'),
  )
})
