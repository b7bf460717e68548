// Writes checkpoints into a run's folder, each a step on from the newest one that is whole, and prints each step that is
// safe. It ends when it is killed.

import { join } from 'node:path'
import { floatTensor } from '@convkit/core'
import { newestCheckpoint, writeCheckpoint } from '@convkit/core/node'

const run = process.argv[2]
const values = 200_000

let step = await newestCheckpoint(run).then(
  ({ snapshot }) => snapshot.progress.globalStep,
  () => 0,
)
for (;;) {
  step++
  const tensor = () => new Map([['w', floatTensor([values], new Float32Array(values).fill(step))]])
  const progress = { epoch: 0, step, globalStep: step, metrics: {}, history: [], callbacks: {} }
  await writeCheckpoint(join(run, 'checkpoints', 'last'), { model: tensor(), optimizer: tensor(), progress })
  process.stdout.write(`${step}\n`)
}
