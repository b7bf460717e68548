import { neighbours } from '@convkit/core'
import { type Program, type StateSpec, sizeOf } from '@convkit/graph'

/** More than this is not moved between TensorFlow and the host at once, unless it is one tensor. */
const groupBytes = 2 ** 26

/** State in groups of neighbours. */
export function stateGroups({ state }: Program): string[][] {
  const bytes = ([, { shape }]: [string, StateSpec]) => 4 * sizeOf(shape)
  return neighbours(Object.entries(state), bytes, groupBytes).map((group) => group.map(([name]) => name))
}
