import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { paintImages } from '../testing/paint-images.js'
import { convkit } from '../testing/test-host.js'

const network = `
name: my-net
preprocessing: { inputSize: [16, 16], cropPct: 1 }
layers:
  - { block: conv-norm-act, name: stem, options: { filters: 4, kernelSize: 3, strides: 2 } }
  - { block: basic, name: layer1, options: { filters: 4 }, repeat: 2, first: { strides: 2 }, feature: true }
  - { block: classifier, name: head }
`

let folder: string
let data: string
let file: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convkit-architecture-'))
  data = await paintImages(join(folder, 'photos'), { blue: 3, green: 3 })
  file = join(folder, 'my-net.yaml')
  await writeFile(file, network)
})
afterAll(() => rm(folder, { recursive: true }))

test('a network from a file is trained, and its model folder needs the file no more', {
  timeout: 60_000,
}, async () => {
  const out = join(folder, 'runs')
  const options = '--epochs 1 --batch-size 2 --validation 0.34 --engine reference --size 16'.split(' ')
  const trained = await convkit('train', data, '--model', file, '--out', out, ...options)
  expect(trained.stdout).toMatch(/Model +my-net \(my-net\), random weights/)
  expect(trained.code).toBe(0)

  await rm(file)
  const image = join(data, 'blue', '0.png')
  const predicted = await convkit('predict', join(out, 'train-1'), image, '--engine', 'reference', '--json')
  expect(JSON.parse(predicted.stdout)).toMatchObject({ predictions: [{ path: image }] })
  await writeFile(file, network)
})

test('summary shows the layers of a file', async () => {
  const { stdout } = await convkit('summary', file, '--json', '--classes', '2')
  const { layers, parameters } = JSON.parse(stdout) as { layers: { scope: string }[]; parameters: number }
  expect(layers.map(({ scope }) => scope)).toContain('layer1.1.conv2')
  // stem 108 + 8; four 3×3 convolutions of 4 channels with batch-norm, a 1×1 shortcut with batch-norm; head 10
  expect(parameters).toBe(116 + 4 * (144 + 8) + (16 + 8) + 10)
})

test.each([
  ['a file that is not there', 'none.yaml', undefined, /none\.yaml cannot be read/],
  ['broken YAML', 'broken.yaml', 'a: [', /broken\.yaml is not JSON or YAML/],
  ['a list', 'list.json', '[1]', /list\.json does not hold an object/],
  ['an unknown block', 'block.yaml', network.replace('basic', 'basik'), /no block 'basik' \(nearest: basic/],
  ['a known name', 'name.yaml', network.replace('my-net', 'resnet18'), /'resnet18'.*already registered/],
])('%s is refused', async (_, name, text, message) => {
  const path = join(folder, name)
  if (text !== undefined) await writeFile(path, text)
  const { code, stderr } = await convkit('summary', path)
  expect(stderr).toMatch(message)
  expect(code).toBe(1)
})
