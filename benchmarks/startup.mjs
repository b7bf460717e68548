// What a model costs before its first training step: tracing and differentiating, lowering and compiling.

import { createRegistry, createVariant } from '@convkit/core'
import { onnxEngine } from '@convkit/engine-onnx'
import { crossEntropy, sgd, trainingProgram } from '@convkit/train'
import zoo from '@convkit/zoo'
import { median } from './contestant.mjs'
import { writeCsv } from './csv.mjs'

const cases = ['resnet18', 'resnet50', 'resnet152']

export async function run({ rounds, only, log }) {
  const registry = createRegistry(zoo)
  const engine = await onnxEngine()
  const rows = []
  for (const name of cases.filter((name) => name.includes(only))) {
    const model = await createVariant(registry.model(name), { registry, engine })
    const times = { trace: [], load: [] }
    for (let round = 0; round < rounds; round++) {
      const started = performance.now()
      const { program } = trainingProgram({
        weights: model.weights,
        train: model.trace({ batchSize: 8, mode: 'train' }),
        evaluation: model.trace({ batchSize: 8, mode: 'infer' }),
        loss: crossEntropy(),
        optimizer: sgd({ momentum: 0.9 }),
        accumulate: 1,
        seed: 0,
      })
      const traced = performance.now()
      const session = await engine.load(program)
      const feeds = zeroFeeds(program.signatures.train)
      const first = await timed(() => session.run('train', feeds))
      const second = await timed(() => session.run('train', feeds))
      times.trace.push(traced - started)
      // A signature is compiled when it first runs.
      times.load.push(first - second)
      await session.dispose()
    }
    const row = {
      case: name,
      convkit: { trace: Math.round(median(times.trace)), load: Math.round(median(times.load)) },
      peers: {},
    }
    rows.push(row)
    log(
      `${name}: traced and differentiated in ${row.convkit.trace} ms, lowered and compiled in ${row.convkit.load} ms`,
    )
  }
  await writeCsv(
    'startup',
    ['model', 'trace ms', 'load ms'],
    rows.map(({ case: name, convkit }) => [name, convkit.trace, convkit.load]),
  )
  return rows
}

async function timed(work) {
  const started = performance.now()
  await work()
  return performance.now() - started
}

const arrays = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array }

function zeroFeeds({ inputs }) {
  const zeros = ({ dtype, shape }) => ({
    dtype,
    shape,
    data: new arrays[dtype](shape.reduce((a, b) => a * b, 1)),
  })
  return Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, zeros(tensor)]))
}
