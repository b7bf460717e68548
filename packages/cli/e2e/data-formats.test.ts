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

  test('with several labels an image is refused: training here takes one', async () => {
    await writeFile(
      join(cwd, 'several.csv'),
      'path,label\nphotos/blue/0.png,blue|cold\nphotos/green/0.png,green\n',
    )
    const { code, stderr } = await train('several.csv')
    expect(stderr).toMatch(/several\.csv has images of several labels, .* \(E_DATASET\)\n$/)
    expect(code).toBe(1)
  })

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
