import type { Session } from '../../engine.js'
import { referenceEngine } from '../reference-engine.js'
import { relativeDifference } from './agreement.js'
import { type SmallNetwork, smallNetwork, smallNetworkFeeds } from './small-network.js'
import type { EngineSuite } from './suite.js'

/** Training of a small network, step by step. */
export const describeTraining: EngineSuite = (engine, { describe, expect, it }) => {
  describe('training', () => {
    it.each<[string, SmallNetwork]>([
      ['channels-first', { width: 4 }],
      ['16 channels', { width: 16, batchSize: 2, size: 8 }],
    ])('agrees with the reference for several steps: %s', async (_, network) => {
      const program = smallNetwork(network)
      const sessions = await Promise.all([engine(), referenceEngine()].map((each) => each.load(program)))
      const [session, reference] = sessions as [Session, Session]
      for (let step = 0; step < 3; step++) {
        const feeds = smallNetworkFeeds(program.signatures.train!, step)
        const [actual, expected] = [await session.run('train', feeds), await reference.run('train', feeds)]
        for (const name of ['loss', 'logits']) {
          expect(
            relativeDifference(actual[name]!.data, expected[name]!.data),
            `${name} of step ${step}`,
          ).toBeLessThan(1e-4)
        }
        const state = await session.read()
        for (const [name, { data }] of await reference.read()) {
          expect(relativeDifference(state.get(name)!.data, data), `${name} after step ${step}`).toBeLessThan(
            1e-3,
          )
        }
      }
      const feeds = smallNetworkFeeds(program.signatures.evaluate!, 9)
      const [actual, expected] = [
        await session.run('evaluate', feeds),
        await reference.run('evaluate', feeds),
      ]
      expect(relativeDifference(actual.logits!.data, expected.logits!.data)).toBeLessThan(1e-3)
      await session.dispose()
    })

    it('repeats exactly, and goes on exactly from state that was read', async () => {
      const program = smallNetwork()
      const feeds = (step: number) => smallNetworkFeeds(program.signatures.train!, step)
      const run = async (session: Session, from: number, to: number) => {
        for (let step = from; step < to; step++) await session.run('train', feeds(step))
        return session.read()
      }
      const first = await engine().load(program)
      const middle = await run(first, 0, 2)
      const expected = await run(first, 2, 4)
      const second = await engine().load(program)
      expect(await run(second, 0, 4)).toEqual(expected)
      await second.write(middle)
      expect(await run(second, 2, 4)).toEqual(expected)
      await Promise.all([first.dispose(), second.dispose()])
    })
  })
}
