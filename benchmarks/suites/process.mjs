// What it costs that TensorFlow runs in a process of its own: a call with the batch and the results of a training
// step, and nothing computed in between but the sum of each input.

import { selectEngine } from '@convkit/core'
import tensorflow from '@convkit/engine-tensorflow'
import { cast, input, multiply, sum } from '@convkit/graph'
import { cases, describeCase } from '../cases.mjs'
import { median } from '../contestant.mjs'
import { writeCsv } from '../csv.mjs'

export async function run({ rounds, steps, isWanted, log }) {
  const engine = await selectEngine(tensorflow.engines, 'tensorflow')
  const rows = []
  for (const options of cases.filter((options) => isWanted(describeCase(options)))) {
    const { batchSize, size, classes = 1000 } = options
    const image = input('image', [batchSize, size, size, 3], 'uint8')
    const logits = input('logits', [batchSize, classes])
    const outputs = { loss: sum(cast(image, 'float32')), logits: multiply(logits, 2) }
    const train = { inputs: { image, logits }, outputs, updates: {} }
    const session = await engine.load({ state: {}, signatures: { train } })
    const feeds = {
      image: { dtype: 'uint8', shape: image.shape, data: new Uint8Array(batchSize * size * size * 3) },
      logits: { dtype: 'float32', shape: logits.shape, data: new Float32Array(batchSize * classes) },
    }
    const times = []
    for (let call = 0; call < 10 * rounds * steps; call++) {
      const started = performance.now()
      await session.run('train', feeds)
      times.push(performance.now() - started)
    }
    await session.dispose()
    const milliseconds = Math.round(100 * median(times)) / 100
    log(`${describeCase(options)}  ${milliseconds} ms a call`)
    rows.push({ case: describeCase(options), convkit: { call: milliseconds }, peers: {} })
  }
  const table = rows.map(({ case: name, convkit }) => [name, convkit.call])
  await writeCsv('process', ['case', 'ms a call'], table)
  return rows
}
