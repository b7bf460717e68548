import type { Dataset, UnreadableImage } from '@convkit/core'
import { isUnreadable, reasonOf } from '../images/unreadable.js'
import { isImageDataset } from './subset.js'

export interface CheckImagesOptions {
  readonly signal?: AbortSignal
  /** Called after each image. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

/** What {@link checkImages} found. */
export interface ImageCheck {
  /** Images that can be read. */
  readonly images: number
  /** Readable images of each class, in the order of the classes. */
  readonly classes: readonly { readonly label: string; readonly images: number }[]
  /** Pixels of the shorter side of readable images; absent when there is none. */
  readonly shorterSide?: { readonly smallest: number; readonly median: number; readonly largest: number }
  /** In the order of the dataset. */
  readonly unreadable: readonly UnreadableImage[]
}

/** Enough for libuv's threads to always have the next one, whatever their number. */
const concurrency = 32

/**
 * Reads every image of a dataset once, in parallel, and names those that cannot be read: give the list to
 * `withoutUnreadable`. Cut off files are found too, as files are read to their end.
 *
 * @throws the signal's reason when it is aborted.
 */
export async function checkImages(dataset: Dataset, options: CheckImagesOptions = {}): Promise<ImageCheck> {
  const { signal, onProgress } = options
  const shorterSides: (number | undefined)[] = new Array(dataset.length).fill(undefined)
  const reasons = new Map<number, string>()
  const total = dataset.length
  let next = 0
  let done = 0

  const worker = async () => {
    while (next < total && !signal?.aborted) {
      const index = next++
      try {
        const { height, width } = await sizeOf(dataset, index)
        shorterSides[index] = Math.min(height, width)
      } catch (error) {
        if (!isUnreadable(error)) {
          next = total
          throw error
        }
        reasons.set(index, reasonOf(dataset.path(index), error))
      }
      onProgress?.({ done: ++done, total })
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  signal?.throwIfAborted()

  const sides = shorterSides.filter((side) => side !== undefined).sort((a, b) => a - b)
  const counts = new Array<number>(dataset.classes.length).fill(0)
  shorterSides.forEach((side, index) => {
    if (side !== undefined) (counts[dataset.labels[index] as number] as number)++
  })
  const [smallest, median, largest] = [sides[0], sides[sides.length >> 1], sides.at(-1)]
  return {
    images: sides.length,
    classes: dataset.classes.map((label, index) => ({ label, images: counts[index] as number })),
    ...(smallest !== undefined &&
      median !== undefined &&
      largest !== undefined && { shorterSide: { smallest, median, largest } }),
    unreadable: [...reasons]
      .sort(([a], [b]) => a - b)
      .map(([index, reason]) => ({ path: dataset.path(index), reason })),
  }
}

async function sizeOf(dataset: Dataset, index: number) {
  return isImageDataset(dataset) ? dataset.check(index) : (await dataset.item(index)).pixels
}
