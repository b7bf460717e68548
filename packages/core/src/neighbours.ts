/**
 * Items in groups of neighbours, each of at most `limit` in all, or of one item: what is moved at once where memory for
 * everything is too much.
 */
export function neighbours<T>(items: Iterable<T>, sizeOf: (item: T) => number, limit: number): T[][] {
  const groups: T[][] = []
  let total = Number.POSITIVE_INFINITY
  for (const item of items) {
    const size = sizeOf(item)
    total += size
    if (total > limit) {
      groups.push([])
      total = size
    }
    groups.at(-1)?.push(item)
  }
  return groups
}
