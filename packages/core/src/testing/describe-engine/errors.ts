import { add, input, type Shape } from '@convkit/graph'
import { floatTensor } from '../../tensors.js'
import { counter, vector } from './programs.js'
import type { EngineSuite } from './suite.js'

/** What a session refuses, and that it stays usable. */
export const describeErrors: EngineSuite = (engine, { describe, expect, it }) => {
  describe('errors', () => {
    const feed = (feeds: object) => async () => {
      const session = await engine().load(counter())
      await session.run('add', feeds as Parameters<typeof session.run>[1])
    }
    const write = (name: string, shape: Shape, values: number[]) => async () => {
      const session = await engine().load(counter())
      await session.write([[name, floatTensor(shape, Float32Array.from(values))]])
    }

    it.each([
      ['an input that is not fed', 'E_FEED', /run 'add': 'x' takes float32 \[2\], but is not fed/, feed({})],
      [
        'an unknown input',
        'E_FEED',
        /there is no input 'y'; feed x/,
        feed({ x: vector(1, 1), y: vector(1) }),
      ],
      [
        'another shape',
        'E_FEED',
        /'x' takes float32 \[2\], but got float32 \[3\]/,
        feed({ x: vector(1, 2, 3) }),
      ],
      [
        'another dtype',
        'E_FEED',
        /'x' takes float32 \[2\], but got int32 \[2\]/,
        feed({ x: { dtype: 'int32', shape: [2], data: Int32Array.of(1, 2) } }),
      ],
      [
        'too few values',
        'E_FEED',
        /'x' takes float32 \[2\], but got 1 values/,
        feed({ x: { dtype: 'float32', shape: [2], data: Float32Array.of(1) } }),
      ],
      ['state of another name', 'E_STATE', /no state 'totals'/, write('totals', [2], [1, 2])],
      [
        'state of another shape',
        'E_STATE',
        /write total: the program holds float32 \[2\], got float32 \[3\]/,
        write('total', [3], [1, 2, 3]),
      ],
      ['state with too few values', 'E_STATE', /got float32 \[2\] with 1 values/, write('total', [2], [1])],
      [
        'state that is read by another name',
        'E_STATE',
        /no state 'toString'/,
        async () => (await engine().load(counter())).read(['toString']),
      ],
      [
        'an unknown signature',
        'E_SIGNATURE',
        /no signature 'train'; it has add, scaled/,
        async () => (await engine().load(counter())).run('train', {}),
      ],
      [
        'an input that the signature does not name',
        'E_SIGNATURE',
        /'main' reads the input 'x', but names only y/,
        async () => {
          const outputs = { z: add(input('x', [1]), 1) }
          const main = { inputs: { y: input('y', [1]) }, outputs, updates: {} }
          return (await engine().load({ state: {}, signatures: { main } })).run('main', { y: vector(1) })
        },
      ],
      [
        'a disposed session',
        'E_DISPOSED',
        /load the program again/,
        async () => {
          const session = await engine().load(counter())
          await session.dispose()
          return session.run('scaled', {})
        },
      ],
      [
        'a second run before the first is done',
        'E_BUSY',
        /await each run before the next/,
        async () => {
          const session = await engine().load(counter())
          return Promise.all([session.run('scaled', {}), session.run('scaled', {})])
        },
      ],
    ])('%s', async (_, code, message, attempt) => {
      await expect(attempt()).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    })

    it('a failed run leaves the state as it was, and the session usable', async () => {
      const session = await engine().load(counter())
      await expect(session.run('add', {})).rejects.toMatchObject({ code: 'E_FEED' })
      await session.run('add', { x: vector(1, 1) })
      expect(await session.read(['total'])).toEqual(new Map([['total', vector(2, 3)]]))
      await session.dispose()
    })
  })
}
