// Run as a program: trains a small network with the package whose folder is the only argument; prints a `Check`.

import { referenceEngine, relativeDifference, smallNetwork, smallNetworkFeeds } from '@convkit/core/testing'
import { startRunner } from '../runner-process.js'
import { createSession } from '../session.js'
import type { Check } from './check.js'

const steps = 3
/** As far as float32 in another order may stray. */
const tolerance = 1e-3
const [, , packageFolder = ''] = process.argv

const check = await train().catch((error: Error): Check => {
  const [reason = ''] = error.message.split('\n')
  return { ok: false, reason }
})
console.log(JSON.stringify(check))

async function train(): Promise<Check> {
  const runner = await startRunner(packageFolder, { TF_FORCE_GPU_ALLOW_GROWTH: 'true' }, () => {})
  const { version, isOnGpu } = runner
  const program = smallNetwork()
  const session = await createSession(runner, program)
  const reference = await referenceEngine().load(program)
  for (let step = 0; step < steps; step++) {
    const feeds = smallNetworkFeeds(program.signatures.train!, step)
    await session.run('train', feeds)
    await reference.run('train', feeds)
  }
  const trained = await session.read()
  const differences = [...(await reference.read())].map(([name, { data }]) =>
    relativeDifference(trained.get(name)!.data, data),
  )
  const difference = Math.max(...differences)
  if (difference <= tolerance) return { ok: true, version, isOnGpu, difference }
  const reason = `TensorFlow ${version} trains a small network that differs by ${difference} from the reference evaluator's`
  return { ok: false, reason }
}
