import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { classifier, convNormAct } from '@convkit/blocks'
import { defineArchitecture, definePlugin, type Logs, type Plugin, type TensorMap } from '@convkit/core'
import { readCheckpoint } from '@convkit/core/node'
import { run } from '../program.js'
import { interruptedHost } from './interrupted-host.js'
import { testHost } from './test-host.js'

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

const recipe =
  '--model small --epochs 3 --batch-size 4 --validation 0.25 --threads 1 --optimizer adamw --augment light --average ema --patience 0'

/** Runs of the command line that a signal comes into, and that are resumed. */
export function interruptedTraining(engine: string, plugin: Plugin, data: string, folder: string) {
  const plugins = [plugin, definePlugin({ name: 'small', architectures: [small] })]
  return {
    /** Trains in a new folder; with `at`, until a signal comes in that step. */
    async training(out: string, at?: number) {
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
      const argv = ['train', data, '--out', join(folder, out), ...recipe.split(' '), '--engine', engine]
      const code = await run(argv, watched)
      return { code, steps, path: join(folder, out, 'train-1'), stderr: host.written.stderr }
    },
    /** Resumes a run; the exit code. */
    resumed: (path: string) =>
      run(
        ['train', '--resume', path],
        interruptedHost(testHost(), () => {}, plugins),
      ),
  }
}

/** Everything that a finished run has learnt and measured. */
export async function traces(path: string) {
  const { model, optimizer, progress } = await readCheckpoint(join(path, 'checkpoints', 'last'))
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

const bytes = (tensors: TensorMap) =>
  new Map(
    [...tensors].map(([name, { data }]) => [
      name,
      Buffer.from(data.buffer, data.byteOffset, data.byteLength),
    ]),
  )
