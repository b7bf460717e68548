import { add, input, reshape, square, state, sum } from '@convkit/graph'
import { floatTensor } from '../../tensors.js'
import { counter, scaling, spec, vector } from './programs.js'
import type { EngineSuite } from './suite.js'

/** State, signatures and several sessions at once. */
export const describeSession: EngineSuite = (engine, { describe, expect, it }) => {
  describe('a session', () => {
    it('computes updates from the old state, and signatures share it', async () => {
      const session = await engine().load(counter())
      const { before } = await session.run('add', { x: vector(5, 6) })
      expect(before).toEqual(vector(1, 2))
      await session.run('add', { x: vector(1, 1) })
      expect((await session.run('scaled', {})).scaled).toEqual(vector(70, 90))
      expect(await session.read(['total'])).toEqual(new Map([['total', vector(7, 9)]]))
      await session.dispose()
    })

    it('swaps state whose updates are each other', async () => {
      const [a, b] = [state('a', [2]), state('b', [2])]
      const session = await engine().load({
        state: { a: spec(1, 2), b: spec(3, 4) },
        signatures: { swap: { inputs: {}, outputs: {}, updates: { a: b, b: a } } },
      })
      await session.run('swap', {})
      expect(await session.read()).toEqual(
        new Map([
          ['a', vector(3, 4)],
          ['b', vector(1, 2)],
        ]),
      )
      await session.run('swap', {})
      expect(await session.read(['a'])).toEqual(new Map([['a', vector(1, 2)]]))
      await session.dispose()
    })

    it('writes what it is given, and keeps its own copy', async () => {
      const session = await engine().load(counter())
      const total = vector(0, 0)
      await session.write([['total', total]])
      total.data[0] = 99
      await session.run('add', { x: vector(1, 1) })
      const read = await session.read()
      expect(read).toEqual(
        new Map([
          ['total', vector(1, 1)],
          ['scale', vector(10, 10)],
        ]),
      )
      read.get('total')!.data[0] = 99
      expect(await session.read(['total'])).toEqual(new Map([['total', vector(1, 1)]]))
      await session.dispose()
    })

    it('outputs that were returned do not change in later runs', async () => {
      const session = await engine().load(counter())
      const { before } = await session.run('add', { x: vector(5, 6) })
      await session.run('add', { x: vector(5, 6) })
      await session.run('add', { x: vector(5, 6) })
      expect(before).toEqual(vector(1, 2))
      await session.dispose()
    })

    it('the initial values that a program gives stay as they are', async () => {
      const values = Float32Array.of(1, 2)
      const program = counter()
      const initial = () => floatTensor([2], values)
      const session = await engine().load({
        ...program,
        state: { ...program.state, total: { shape: [2], initial } },
      })
      await session.run('add', { x: vector(5, 6) })
      await session.run('add', { x: vector(5, 6) })
      await session.write([['total', vector(8, 8)]])
      expect(values).toEqual(Float32Array.of(1, 2))
      await session.dispose()
    })

    it('without updates sees what is written after its weights were compiled in', async () => {
      const session = await engine().load(scaling())
      const x = vector(1, 10)
      expect((await session.run('predict', { x })).y).toEqual(vector(3, 40))
      await session.write([['scale', vector(5, 6)]])
      expect((await session.run('predict', { x })).y).toEqual(vector(5, 60))
      expect(await session.read()).toEqual(new Map([['scale', vector(5, 6)]]))
      await session.dispose()
    })

    it('is one of several', async () => {
      const sessions = await Promise.all([
        engine().load(scaling()),
        engine().load(counter()),
        engine().load(scaling()),
      ])
      const [first, second, third] = sessions
      await first.write([['scale', vector(0, 1)]])
      await Promise.all([second.run('add', { x: vector(1, 1) }), third.run('predict', { x: vector(1, 1) })])
      expect((await first.run('predict', { x: vector(1, 1) })).y).toEqual(vector(0, 1))
      expect((await third.run('predict', { x: vector(1, 1) })).y).toEqual(vector(3, 4))
      await Promise.all(sessions.map((session) => session.dispose()))
    })

    it('takes names that are the same for an input, an output and state', async () => {
      const x = input('x', [2])
      const session = await engine().load({
        state: { x: spec(1, 2) },
        signatures: { main: { inputs: { x }, outputs: { x: add(x, state('x', [2])) }, updates: {} } },
      })
      expect((await session.run('main', { x: vector(1, 1) })).x).toEqual(vector(2, 3))
      await session.dispose()
    })

    it('returns inputs and one value under several names', async () => {
      const x = input('x', [2])
      const y = square(x)
      const unused = input('unused', [1])
      const outputs = { same: x, y, again: y, shaped: reshape(y, [1, 2]), total: sum(y) }
      const session = await engine().load({
        state: {},
        signatures: { main: { inputs: { x, unused }, outputs, updates: {} } },
      })
      const results = await session.run('main', { x: vector(2, 3), unused: vector(0) })
      expect(results).toEqual({
        same: vector(2, 3),
        y: vector(4, 9),
        again: vector(4, 9),
        shaped: floatTensor([1, 2], Float32Array.of(4, 9)),
        total: floatTensor([], Float32Array.of(13)),
      })
      await session.dispose()
    })
  })
}
