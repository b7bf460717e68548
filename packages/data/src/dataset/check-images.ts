import type { Dataset, UnreadableImage } from '@convkit/core'
import { countLabels } from '../formats/data-report.js'
import { isUnreadable, reasonOf } from '../images/unreadable.js'
import type { CheckedImage } from './define-dataset.js'
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
  /** Of the bytes of each image of the dataset, where it has any and can be read. */
  readonly sha256: readonly (string | undefined)[]
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
  const sha256: (string | undefined)[] = new Array(dataset.length).fill(undefined)
  const reasons = new Map<number, string>()
  const total = dataset.length
  let next = 0
  let done = 0

  const worker = async () => {
    while (next < total && !signal?.aborted) {
      const index = next++
      try {
        const image = await readWhole(dataset, index)
        shorterSides[index] = Math.min(image.height, image.width)
        sha256[index] = image.sha256
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
  const counts = countLabels(dataset, (index) => shorterSides[index] !== undefined)
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
    sha256,
  }
}

async function readWhole(dataset: Dataset, index: number): Promise<CheckedImage> {
  return isImageDataset(dataset) ? dataset.check(index) : (await dataset.item(index)).pixels
}
