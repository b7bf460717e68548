import { type Engine, floatTensor } from '@convkit/core'
import { add, input, multiply, type Program, reshape, type Shape, square, state, sum } from '@convkit/graph'
import { beforeAll, describe, expect, it } from 'vitest'
import { onnxEngine } from './engine.js'

let engine: Engine
beforeAll(async () => {
  engine = await onnxEngine({ threads: 1 })
})

const spec = (...values: number[]) => ({
  shape: [values.length],
  initial: () => floatTensor([values.length], Float32Array.from(values)),
})

const vector = (...values: number[]) => floatTensor([values.length], Float32Array.from(values))

/** total ← total + x; `read` gives total · scale. */
function counter(): Program {
  const [total, scale] = [state('total', [2]), state('scale', [2])]
  const x = input('x', [2])
  return {
    state: { total: spec(1, 2), scale: spec(10, 10) },
    signatures: {
      add: { inputs: { x }, outputs: { before: total }, updates: { total: add(total, x) } },
      scaled: { inputs: {}, outputs: { scaled: multiply(total, scale) }, updates: {} },
    },
  }
}

function scaling(): Program {
  const x = input('x', [2])
  return {
    state: { scale: spec(3, 4) },
    signatures: { predict: { inputs: { x }, outputs: { y: multiply(x, state('scale', [2])) }, updates: {} } },
  }
}

describe('a session', () => {
  it('computes updates from the old state, and signatures share it', async () => {
    const session = await engine.load(counter())
    const { before } = await session.run('add', { x: vector(5, 6) })
    expect(before).toEqual(vector(1, 2))
    await session.run('add', { x: vector(1, 1) })
    expect((await session.run('scaled', {})).scaled).toEqual(vector(70, 90))
    expect(await session.read(['total'])).toEqual(new Map([['total', vector(7, 9)]]))
    await session.dispose()
  })

  it('swaps state whose updates are each other', async () => {
    const [a, b] = [state('a', [2]), state('b', [2])]
    const session = await engine.load({
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
    const session = await engine.load(counter())
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
    const session = await engine.load(counter())
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
    const session = await engine.load({
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
    const session = await engine.load(scaling())
    const x = vector(1, 10)
    expect((await session.run('predict', { x })).y).toEqual(vector(3, 40))
    await session.write([['scale', vector(5, 6)]])
    expect((await session.run('predict', { x })).y).toEqual(vector(5, 60))
    expect(await session.read()).toEqual(new Map([['scale', vector(5, 6)]]))
    await session.dispose()
  })

  it('is one of several', async () => {
    const sessions = await Promise.all([
      engine.load(scaling()),
      engine.load(counter()),
      engine.load(scaling()),
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
    const session = await engine.load({
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
    const session = await engine.load({
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

describe('errors', () => {
  const feed = (feeds: object) => async () => {
    const session = await engine.load(counter())
    await session.run('add', feeds as Parameters<typeof session.run>[1])
  }
  const write = (name: string, shape: Shape, values: number[]) => async () => {
    const session = await engine.load(counter())
    await session.write([[name, floatTensor(shape, Float32Array.from(values))]])
  }

  it.each([
    ['an input that is not fed', 'E_FEED', /run 'add': 'x' takes float32 \[2\], but is not fed/, feed({})],
    ['an unknown input', 'E_FEED', /there is no input 'y'; feed x/, feed({ x: vector(1, 1), y: vector(1) })],
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
      async () => (await engine.load(counter())).read(['toString']),
    ],
    [
      'an unknown signature',
      'E_SIGNATURE',
      /no signature 'train'; it has add, scaled/,
      async () => (await engine.load(counter())).run('train', {}),
    ],
    [
      'an input that the signature does not name',
      'E_SIGNATURE',
      /'main' reads the input 'x', but names only y/,
      async () => {
        const outputs = { z: add(input('x', [1]), 1) }
        const main = { inputs: { y: input('y', [1]) }, outputs, updates: {} }
        return (await engine.load({ state: {}, signatures: { main } })).run('main', { y: vector(1) })
      },
    ],
    [
      'a disposed session',
      'E_DISPOSED',
      /load the program again/,
      async () => {
        const session = await engine.load(counter())
        await session.dispose()
        return session.run('scaled', {})
      },
    ],
    [
      'a second run before the first is done',
      'E_BUSY',
      /await each run before the next/,
      async () => {
        const session = await engine.load(counter())
        return Promise.all([session.run('scaled', {}), session.run('scaled', {})])
      },
    ],
  ])('%s', async (_, code, message, attempt) => {
    await expect(attempt()).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })

  it('a failed run leaves the state as it was, and the session usable', async () => {
    const session = await engine.load(counter())
    await expect(session.run('add', {})).rejects.toMatchObject({ code: 'E_FEED' })
    await session.run('add', { x: vector(1, 1) })
    expect(await session.read(['total'])).toEqual(new Map([['total', vector(2, 3)]]))
    await session.dispose()
  })
})
