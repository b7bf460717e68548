import { type Feeds, random } from '@convkit/core'
import { type SymbolicTensor, sizeOf } from '@convkit/graph'

/**
 * Values for the masks of a trace: `1 / keep` with probability `keep`, else 0. They follow from the seed, each
 * mask's name and the number of the run alone.
 */
export function maskFeeds(masks: ReadonlyMap<string, SymbolicTensor>, seed: number, run: number): Feeds {
  return Object.fromEntries(
    [...masks].map(([name, { shape, node }]) => {
      const keep = node.op === 'input' ? (node.attributes.fill?.keep ?? 1) : 1
      const stream = random(seed, 'mask', name, run)
      const data = new Float32Array(sizeOf(shape))
      for (let i = 0; i < data.length; i++) if (stream.uniform(i) < keep) data[i] = 1 / keep
      return [name, { dtype: 'float32', shape, data }]
    }),
  )
}
