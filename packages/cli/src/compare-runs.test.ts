import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { convkit } from './testing/test-host.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convkit-compare-'))
  await writeRun('a', { lr: 0.01, model: 'lenet5' }, 0.9)
  await writeRun(
    'b',
    { lr: 0.1, model: 'lenet5', augment: { name: 'mine', transforms: ['horizontal-flip'] } },
    0.8,
  )
  await writeRun('c', { lr: 0.01, model: 'lenet5' }, 0.7, 'other.png')
})
afterAll(() => rm(folder, { recursive: true }))

async function writeRun(name: string, config: object, top1: number, image = 'x.png') {
  const path = join(folder, name)
  await mkdir(path)
  const summary = {
    epochs: 9,
    seconds: 12.3,
    best: { epoch: 4, top1, loss: 0.5 },
    validation: {
      loss: 0.5,
      macroF1: top1 - 0.1,
      top1Interval: { low: 0.6, high: 0.95 },
      metrics: { top1, top5: 1 },
    },
  }
  await writeFile(join(path, 'config.json'), JSON.stringify(config))
  await writeFile(join(path, 'summary.json'), JSON.stringify(summary))
  await writeFile(
    join(path, 'split.csv'),
    `path,label,split,sha256\ny.png,cat,train,ab\n${image},cat,validation,c${image === 'x.png' ? 1 : 2}\n`,
  )
}

const path = (name: string) => join(folder, name)

test('runs side by side, and the settings in which they differ', async () => {
  const { code, stdout, stderr } = await convkit('compare-runs', path('a'), path('b'))
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const [reached, settings] = stdout.replaceAll(`${folder}/`, '').split('\n\n')
  expect(reached?.split('\n').map((line) => line.trim().split(/\s+/))).toEqual([
    ['run', 'model', 'epoch', 'top-1', '95', '%', 'macro', 'F1', 'loss', 'seconds'],
    ['a', 'lenet5', '4/9', '0.900*', '0.60–0.95', '0.800', '0.5000', '12'],
    ['b', 'lenet5', '4/9', '0.800', '0.60–0.95', '0.700', '0.5000', '12'],
  ])
  expect(
    settings
      ?.trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/)),
  ).toEqual([
    ['setting', 'a', 'b'],
    ['lr', '0.01', '0.1'],
    ['augment', '–', '{"name":"mine","transforms":["horizonta…'],
  ])
})

test('as JSON; runs with other validation images are told apart', async () => {
  const { stdout, stderr } = await convkit('compare-runs', path('a'), path('c'), '--json')
  expect(JSON.parse(stdout)).toEqual({
    runs: [0.9, 0.7].map((top1, i) => ({
      run: path(i === 0 ? 'a' : 'c'),
      model: 'lenet5',
      epochs: 9,
      bestEpoch: 4,
      top1,
      loss: 0.5,
      macroF1: top1 - 0.1,
      top1Interval: { low: 0.6, high: 0.95 },
      seconds: 12.3,
    })),
    differences: [],
    sameValidation: false,
  })
  expect(stderr).toContain('validated on different images')
})

test('a run that has not finished is refused with the remedy', async () => {
  await rm(join(path('c'), 'summary.json'))
  const { code, stderr } = await convkit('compare-runs', path('a'), path('c'))
  expect(code).toBe(1)
  expect(stderr).toContain(`${path('c')} is not the folder of a finished run`)
  expect(stderr).toContain(`convkit train --resume ${path('c')}`)
})

test('runs whose images have several labels', async () => {
  const several = path('several')
  await mkdir(several)
  const summary = {
    epochs: 2,
    seconds: 5,
    best: { epoch: 2, loss: 0.4 },
    validation: { loss: 0.4, macroF1: 0.6, metrics: { meanAveragePrecision: 0.75, microF1: 0.7 } },
  }
  await writeFile(join(several, 'config.json'), JSON.stringify({ model: 'lenet5' }))
  await writeFile(join(several, 'summary.json'), JSON.stringify(summary))
  const { code, stdout } = await convkit('compare-runs', several, path('a'))
  expect(code).toBe(0)
  const [header, ...rows] = (stdout.split('\n\n')[0] ?? '')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
  expect(header).toContain('mAP')
  expect(rows.map((row) => row.slice(2, 5))).toEqual([
    ['2/2', '–', '0.750*'],
    ['4/9', '0.900*', '–'],
  ])
})
