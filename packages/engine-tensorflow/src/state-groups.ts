import { type Program, sizeOf } from '@convkit/graph'

/** More than this is not moved between TensorFlow and the host at once, unless it is one tensor. */
const groupBytes = 2 ** 26

/** State in groups of neighbours. */
export function stateGroups({ state }: Program): string[][] {
  const groups: string[][] = []
  let bytes = groupBytes
  for (const [name, { shape }] of Object.entries(state)) {
    const size = 4 * sizeOf(shape)
    if (bytes + size > groupBytes) {
      groups.push([])
      bytes = 0
    }
    groups.at(-1)?.push(name)
    bytes += size
  }
  return groups
}
