import { ConvkitError, formatShape, type Program, type Signature, sameShape, sizeOf } from '@convkit/graph'
import type { Feeds, Session } from './engine.js'
import type { FloatTensor } from './tensors.js'

/**
 * What every engine's session has in common: a run of something the program has not, with values it does not take,
 * after {@link Session.dispose} or during another run, is an error before the engine is asked; so are names and values
 * of state.
 *
 * @throws E_DISPOSED, E_BUSY, E_SIGNATURE, E_FEED, E_STATE, each naming what was received.
 */
export function checkedSession(program: Program, session: Session): Session {
  let isDisposed = false
  let isRunning = false
  const expectUsable = (call: string) => {
    if (isDisposed)
      throw new ConvkitError('E_DISPOSED', `${call}: the session is disposed; load the program again`)
    if (isRunning) {
      throw new ConvkitError('E_BUSY', `${call}: the last run is not done; await each run before the next`)
    }
  }
  return {
    async run(name, feeds) {
      expectUsable(`run '${name}'`)
      checkFeeds(name, signatureOf(program, name), feeds)
      isRunning = true
      try {
        return await session.run(name, feeds)
      } finally {
        isRunning = false
      }
    },
    async read(names = Object.keys(program.state)) {
      expectUsable('read')
      for (const name of names) stateShape(program, name)
      return session.read(names)
    },
    async write(tensors) {
      expectUsable('write')
      const values = [...tensors]
      for (const [name, tensor] of values) checkState(program, name, tensor)
      await session.write(values)
    },
    async dispose() {
      if (isDisposed) return
      isDisposed = true
      await session.dispose()
    },
  }
}

/** @throws E_SIGNATURE when the program has no such signature. */
export function signatureOf({ signatures }: Program, name: string): Signature {
  const signature = Object.hasOwn(signatures, name) ? signatures[name] : undefined
  if (signature) return signature
  const known = Object.keys(signatures).join(', ')
  throw new ConvkitError('E_SIGNATURE', `The program has no signature '${name}'; it has ${known}`)
}

/** A program whose signature reads an input that it does not name, which no one could feed. */
export function unnamedInput(signature: string, input: string, named: Iterable<string>): ConvkitError {
  const known = [...named].join(', ')
  return new ConvkitError(
    'E_SIGNATURE',
    `Signature '${signature}' reads the input '${input}', but names only ${known}`,
  )
}

function checkFeeds(name: string, { inputs }: Signature, feeds: Feeds): void {
  const problem = (what: string) => new ConvkitError('E_FEED', `run '${name}': ${what}`)
  const unknown = Object.keys(feeds).find((key) => !Object.hasOwn(inputs, key))
  if (unknown !== undefined) {
    throw problem(`there is no input '${unknown}'; feed ${Object.keys(inputs).join(', ') || 'nothing'}`)
  }
  for (const [key, { dtype, shape }] of Object.entries(inputs)) {
    const expected = `'${key}' takes ${dtype} ${formatShape(shape)}`
    const fed = feeds[key]
    if (!fed) throw problem(`${expected}, but is not fed`)
    if (fed.dtype !== dtype || !sameShape(fed.shape, shape)) {
      throw problem(`${expected}, but got ${fed.dtype} ${formatShape(fed.shape)}`)
    }
    if (fed.data.length !== sizeOf(shape)) throw problem(`${expected}, but got ${fed.data.length} values`)
  }
}

function stateShape({ state }: Program, name: string) {
  const spec = Object.hasOwn(state, name) ? state[name] : undefined
  if (spec) return spec.shape
  throw new ConvkitError('E_STATE', `The program has no state '${name}'`)
}

function checkState(program: Program, name: string, { dtype, shape, data }: FloatTensor): void {
  const expected = stateShape(program, name)
  if (dtype === 'float32' && sameShape(shape, expected) && data.length === sizeOf(expected)) return
  const received = `${dtype} ${formatShape(shape)} with ${data.length} values`
  throw new ConvkitError(
    'E_STATE',
    `write ${name}: the program holds float32 ${formatShape(expected)}, got ${received}`,
  )
}
