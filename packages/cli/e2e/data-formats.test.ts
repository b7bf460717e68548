import { execFileSync } from 'node:child_process'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paintImages } from '../src/testing/paint-images.js'
import { convkit, makeFolder } from './convkit.js'

let cwd: string
const paths = ['blue', 'green'].flatMap((label) => Array.from({ length: 6 }, (_, i) => `${label}/${i}.png`))
beforeAll(async () => {
  cwd = await makeFolder()
  await paintImages(join(cwd, 'photos'), { blue: 6, green: 6 })
})
afterAll(() => rm(cwd, { recursive: true }))

const train = (data: string, ...more: readonly string[]) =>
  convkit(cwd, 'train', data, '--model', 'lenet5', '--epochs', '1', '--json', ...more)

describe('a CSV file', () => {
  test('is trained and evaluated on', async () => {
    const rows = paths.map(
      (path, i) => `photos/${path},${path.split('/')[0]},${i % 3 === 0 ? 'val' : 'train'}`,
    )
    await writeFile(join(cwd, 'labels.csv'), `path,label,split\r\n${rows.join('\r\n')}\r\n`)
    const { code, stdout, stderr } = await train('labels.csv')
    expect(stderr).toMatch(/labels\.csv: 12 images, 2 classes \(blue 6, green 6\), 8 train \/ 4 validation/)
    expect(code).toBe(0)
    const { run } = JSON.parse(stdout)
    const split = await readFile(join(cwd, run, 'split.csv'), 'utf8')
    expect(split.split('\n')[1]).toMatch(/^photos\/.*,(blue|green),train,[0-9a-f]{64}$/)
    const evaluated = await convkit(cwd, 'evaluate', run, 'labels.csv', '--json')
    expect(JSON.parse(evaluated.stdout)).toMatchObject({
      images: 4,
      perClass: [{ label: 'blue' }, { label: 'green' }],
    })
  })

  test('of several labels an image is trained, evaluated and predicted on, with a sigmoid each', async () => {
    const rows = paths.map((path, i) => {
      const [color] = path.split('/') as [string]
      return `{"photo": "${path}", "tags": ["${color}"${i % 2 === 0 ? ', "cold"' : ''}], "part": "${i % 3 === 0 ? 'val' : 'train'}"}`
    })
    await writeFile(join(cwd, 'several.jsonl'), `${rows.join('\n')}\n`)
    const columns = ['--columns', 'path=photo,label=tags,split=part', '--root', 'photos']
    const { code, stdout, stderr } = await train('several.jsonl', ...columns, '--class-weights', 'balanced')
    expect(stderr).toMatch(
      /several\.jsonl: 12 images, 3 classes \(blue 6, cold 6, green 6\), 8 train \/ 4 validation/,
    )
    expect(stderr).toMatch(/Best {5}epoch 1: mAP 0\.\d\d|mAP 1\.00, micro F1/)
    expect(code).toBe(0)
    const { run } = JSON.parse(stdout)
    expect(await readFile(join(cwd, run, 'split.csv'), 'utf8')).toContain('.png,blue|cold,')
    const report = await readFile(join(cwd, run, 'report.html'), 'utf8')
    expect(report).toContain('Mean average precision')
    expect(report).toMatch(/<section id="classes">[\s\S]*cold/)
    // One label each is what these are about.
    expect(report).not.toMatch(/top-1|confusion matrix/i)
    const evaluated = await convkit(cwd, 'evaluate', run, 'several.jsonl', ...columns, '--json')
    expect(JSON.parse(evaluated.stdout)).toMatchObject({
      images: 4,
      meanAveragePrecision: expect.any(Number),
      microF1: expect.any(Number),
      subsetAccuracy: expect.any(Number),
      confusion: [],
      perClass: [{ label: 'blue' }, { label: 'cold' }, { label: 'green' }],
    })
    const predicted = await convkit(cwd, 'predict', run, 'photos/blue/0.png', '--json')
    const [{ top }] = JSON.parse(predicted.stdout).predictions
    const sum = top.reduce(
      (total: number, { probability }: { probability: number }) => total + probability,
      0,
    )
    expect(Math.abs(sum - 1)).toBeGreaterThan(0.01)

    // One label each is a case of several; several are none of one
    const one = await convkit(cwd, 'evaluate', run, 'photos', '--json')
    expect(JSON.parse(one.stdout)).toMatchObject({ images: 12, microF1: expect.any(Number) })
    const single = JSON.parse((await train('photos')).stdout).run
    const refused = await convkit(cwd, 'evaluate', single, 'several.jsonl', ...columns)
    expect(refused.stderr).toMatch(/several\.jsonl has images of several labels, .* \(E_DATASET\)\n$/)
    expect(refused.code).toBe(1)
  }, 120_000)

  test('wrong options for data are named', async () => {
    const cases = [
      [
        ['--columns', 'photo=path'],
        /It must be path, label, split, weight, image, each with = and a name, got photo=path/,
        2,
      ],
      [['--columns', 'path=photo'], /there is no column photo for the path, only path, label, split/, 1],
      [['--classes', 'blue,,green'], /different names with commas between them/, 2],
      [['--classes', 'blue'], /the label "green" is none of the classes blue/, 1],
      [['--format', 'zip'], /There is no dataset format 'zip', only image folder/, 2],
      [['--root', 'nowhere', '--fold', '3/2'], /--fold must be such as 1\/5.*got 3\/2/, 2],
      [
        ['--fold', '1/2'],
        /--fold 1\/2 says what is validated on, and .*labels\.csv has validation images of its own/,
        2,
      ],
      [['--class-weights', 'inverse'], /--class-weights must be balanced, true or false, got "inverse"/, 2],
    ] as const
    for (const [flags, message, code] of cases) {
      const failed = await train('labels.csv', ...flags)
      expect(failed.stderr).toMatch(message)
      expect(failed.code).toBe(code)
    }
  }, 60_000)

  test('folds are validated on in turns, and rare classes drawn more often', async () => {
    const validated: string[] = []
    for (const fold of ['1/3', '2/3', '3/3']) {
      const { code, stdout, stderr } = await train('photos', '--fold', fold, '--oversample')
      expect(stderr).toContain('8 train / 4 validation')
      expect(code).toBe(0)
      const split = await readFile(join(cwd, JSON.parse(stdout).run, 'split.csv'), 'utf8')
      validated.push(...split.split('\n').filter((line) => line.includes(',validation,')))
    }
    expect(new Set(validated).size).toBe(12)
  }, 60_000)

  test('with a wrong row ends in one line that names it', async () => {
    await writeFile(join(cwd, 'wrong.csv'), 'path,label\nphotos/a.png,blue\n../b.png,green\n')
    const { code, stderr } = await train('wrong.csv')
    expect(stderr).toMatch(/^Error {4}.*wrong\.csv, line 3: \.\.\/b\.png lies outside of .* \(E_LABELS\)\n$/)
    expect(code).toBe(1)
  })
})

describe('tar shards', () => {
  test('are trained and evaluated on, and nothing is unpacked', async () => {
    await mkdir(join(cwd, 'shards'))
    for (const part of [0, 1]) {
      const shard = join(cwd, `part-${part}`)
      await mkdir(shard)
      for (const [i, path] of paths.entries()) {
        if (i % 2 !== part) continue
        await cp(join(cwd, 'photos', path), join(shard, `${i}.png`))
        await writeFile(join(shard, `${i}.txt`), path.split('/')[0] as string)
      }
      execFileSync('tar', ['-cf', join('shards', `p-${part}.tar`), '-C', `part-${part}`, '.'], { cwd })
    }
    const { code, stdout, stderr } = await train('shards/p-{0..1}.tar', '--validation', '0.34')
    expect(stderr).toMatch(/12 images, 2 classes \(blue 6, green 6\), 8 train \/ 4 validation/)
    expect(code).toBe(0)
    const { run } = JSON.parse(stdout)
    const evaluated = await convkit(cwd, 'evaluate', run, 'shards', '--json')
    expect(JSON.parse(evaluated.stdout)).toMatchObject({ images: 12 })
    expect((await readdir(join(cwd, 'shards'))).sort()).toEqual(['p-0.tar', 'p-1.tar'])
  })

  test('that are cut short end in one line that names the shard', async () => {
    const bytes = await readFile(join(cwd, 'shards', 'p-0.tar'))
    await writeFile(join(cwd, 'cut.tar'), bytes.subarray(0, 1500))
    const { code, stderr } = await train('cut.tar')
    expect(stderr).toMatch(/^Error {4}.*cut\.tar is truncated: .* \(E_TAR\)\n$/)
    expect(code).toBe(1)
  })
})
