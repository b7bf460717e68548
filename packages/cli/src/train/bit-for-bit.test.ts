import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { classifier, convNormAct } from '@convkit/blocks'
import { defineArchitecture, definePlugin, type Logs } from '@convkit/core'
import { readCheckpoint } from '@convkit/core/node'
import onnx from '@convkit/engine-onnx'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../program.js'
import { interruptedHost } from '../testing/interrupted-host.js'
import { paintImages } from '../testing/paint-images.js'
import { testHost } from '../testing/test-host.js'

/** Convolutions with batch-norm, and dropout before the classifier. */
const small = defineArchitecture({
  name: 'small',
  variants: { small: { width: 8 } },
  preprocessing: { inputSize: [16, 16], cropPct: 1 },
  classifier: 'head.fc',
  firstConvolution: 'stem.conv',
  build(net, image, { width }: { width: number }) {
    let x = convNormAct(net.scope('stem'), image, { filters: width, kernelSize: 3, strides: 2 })
    x = convNormAct(net.scope('body'), x, { filters: 2 * width, kernelSize: 3, strides: 2 })
    return classifier(net.scope('head'), x, { dropRate: 0.3 })
  },
})
const plugins = [onnx, definePlugin({ name: 'small', architectures: [small] })]

const recipe =
  '--model small --epochs 3 --batch-size 4 --validation 0.25 --engine onnx --threads 1 --optimizer adamw --augment light --average ema --patience 0'

let folder: string
let data: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convkit-bits-'))
  data = await paintImages(join(folder, 'photos'), { blue: 6, green: 6, red: 6 }, 32)
})
afterAll(() => rm(folder, { recursive: true }))

/** Everything that a finished run has learnt and measured. */
async function traces(path: string) {
  const { model, optimizer, progress } = await readCheckpoint(join(path, 'checkpoints', 'last'))
  const bytes = (tensors: typeof model) =>
    new Map(
      [...tensors].map(([name, { data }]) => [
        name,
        Buffer.from(data.buffer, data.byteOffset, data.byteLength),
      ]),
    )
  const withoutTimes = ({ imagesPerSecond, seconds, ...logs }: Logs) => logs
  return {
    model: bytes(model),
    optimizer: bytes(optimizer),
    history: progress.history.map(withoutTimes),
    metrics: progress.metrics,
    callbacks: progress.callbacks,
    weights: await readFile(join(path, 'model', 'model.safetensors')),
  }
}

/** Trains in a new folder; with `at`, until a signal comes in that step. */
async function training(out: string, at?: number) {
  const host = testHost()
  let steps = 0
  const watched = interruptedHost(
    host,
    (step, { signal }) => {
      steps = step
      if (step === at) signal('SIGINT')
    },
    plugins,
  )
  const argv = ['train', data, '--out', join(folder, out), ...recipe.split(' ')]
  const code = await run(argv, watched)
  return { code, steps, path: join(folder, out, 'train-1'), stderr: host.written.stderr }
}

async function resumed(path: string) {
  return run(
    ['train', '--resume', path],
    interruptedHost(testHost(), () => {}, plugins),
  )
}

test('a run that is interrupted at any step ends as the one that is not, to the last bit', {
  timeout: 120_000,
}, async () => {
  const whole = await training('whole')
  expect(whole).toMatchObject({ code: 0, stderr: '' })
  const expected = await traces(whole.path)
  expect(whole.steps).toBe(9)
  expect(expected.optimizer.get('stem.conv.weight')).not.toEqual(expected.model.get('stem.conv.weight'))
  for (let step = 1; step <= whole.steps; step++) {
    const cut = await training(`cut-${step}`, step)
    expect(cut).toMatchObject({ code: 130, steps: step })
    expect(await resumed(cut.path)).toBe(0)
    expect(await traces(cut.path)).toEqual(expected)
  }
})
