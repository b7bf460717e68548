import { smallNetwork, smallNetworkFeeds } from '@convkit/core/testing'
import { expect, it } from 'vitest'
import { onnxEngine } from './engine.js'

it('keeps memory flat from step to step', async () => {
  const program = smallNetwork({ size: 24 })
  const engine = await onnxEngine({ threads: 1 })
  const session = await engine.load(program)
  const run = async (steps: number) => {
    for (let step = 0; step < steps; step++) {
      await session.run('train', smallNetworkFeeds(program.signatures.train!, step % 4))
    }
    globalThis.gc?.()
    return process.memoryUsage().rss
  }
  const before = await run(60)
  const after = await run(200)
  expect(after - before).toBeLessThan(12 * 2 ** 20)
  await session.dispose()
}, 30_000)
