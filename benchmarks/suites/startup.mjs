// What a model costs before its first training step: tracing and differentiating, lowering to ONNX, and what the first
// step takes longer than the second, which is compiling and the first touch of memory.

import { createRegistry, createVariant } from '@convkit/core'
import { encodeModel, lowerSignature, onnxEngine, toModel } from '@convkit/engine-onnx'
import { crossEntropy, sgd, trainingProgram } from '@convkit/train'
import zoo from '@convkit/zoo'
import { median } from '../contestant.mjs'
import { writeCsv } from '../csv.mjs'

const cases = ['resnet18', 'resnet50', 'resnet152']

export async function run({ rounds, isWanted, log }) {
  const registry = createRegistry(zoo)
  const engine = await onnxEngine()
  const rows = []
  for (const name of cases.filter(isWanted)) {
    const model = await createVariant(registry.model(name), { registry, engine })
    const times = { trace: [], lower: [], firstStep: [] }
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
      const lowered = await timed(() => {
        const { graph } = lowerSignature(program, 'train', { block: 16 })
        return encodeModel(toModel(graph, { externalAbove: 2 ** 16 }).model)
      })
      const session = await engine.load(program)
      const feeds = zeroFeeds(program.signatures.train)
      const first = await timed(() => session.run('train', feeds))
      const second = await timed(() => session.run('train', feeds))
      times.trace.push(traced - started)
      times.lower.push(lowered)
      times.firstStep.push(first - second)
      await session.dispose()
    }
    const medians = Object.entries(times).map(([part, values]) => [part, Math.round(median(values))])
    const row = { case: name, convkit: Object.fromEntries(medians), peers: {} }
    rows.push(row)
    log(`${name}: ${medians.map(([part, ms]) => `${part} ${ms} ms`).join(', ')}`)
  }
  const table = rows.map(({ case: name, convkit }) => [name, ...Object.values(convkit)])
  await writeCsv('startup', ['model', 'trace ms', 'lower ms', 'first step ms'], table)
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
