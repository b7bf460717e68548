import type { Feeds } from '@convkit/core'
import { ConvkitError, formatShape, type Signature, sameShape, sizeOf } from '@convkit/graph'

/**
 * Checks what a caller feeds against a signature's inputs.
 *
 * @throws E_FEED naming the input, what it takes and what was received.
 */
export function checkFeeds(name: string, { inputs }: Signature, feeds: Feeds): void {
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
