import { limiter } from '../images/limiter.js'
import type { ParquetFile } from './parquet-file.js'

/** Images of Parquet files, with the row groups used last kept in memory. */
export interface RowGroups {
  /** Undefined where the row has no image. */
  image(file: ParquetFile, row: number): Promise<Uint8Array | undefined>
}

interface Kept {
  readonly images: Promise<(Uint8Array | undefined)[]>
  bytes: number
}

/** Keeps at most so many bytes, and always the row group that is used. */
export function rowGroups(maxBytes: number): RowGroups {
  const inTurn = limiter(2)
  const kept = new Map<string, Kept>()
  let total = 0

  const load = (key: string, file: ParquetFile, group: number): Kept => {
    const entry: Kept = { images: inTurn(() => file.images(group)), bytes: 0 }
    kept.set(key, entry)
    entry.images.then(
      (images) => {
        if (kept.get(key) !== entry) return
        entry.bytes = images.reduce((sum, image) => sum + (image?.length ?? 0), 0)
        total += entry.bytes
        for (const [old, { bytes }] of kept) {
          if (total <= maxBytes || old === key) break
          kept.delete(old)
          total -= bytes
        }
      },
      () => kept.delete(key),
    )
    return entry
  }
  return {
    async image(file, row) {
      const group = file.groupStarts.findLastIndex((start) => start <= row)
      const key = `${file.name}\0${group}`
      const found = kept.get(key)
      if (found) {
        // Used last: goes last.
        kept.delete(key)
        kept.set(key, found)
      }
      const { images } = found ?? load(key, file, group)
      return (await images)[row - (file.groupStarts[group] as number)]
    },
  }
}
