import type { Dataset } from '@convkit/core'
import { defineDataset, type ImageDataset } from './define-dataset.js'

/** Some images of a dataset, in the order of `indices`, with the same classes. */
export function subset(dataset: Dataset, indices: ArrayLike<number>): ImageDataset {
  const at = (index: number) => indices[index] as number
  const labels = Array.from(indices, (index) => dataset.labels[index] as number)
  return defineDataset({
    classes: dataset.classes,
    labels,
    path: (index) => dataset.path(at(index)),
    item: async (index) => (await dataset.item(at(index))).pixels,
    ...(isImageDataset(dataset) && {
      prefetch: dataset.prefetch,
      input: (index, preprocessing) => dataset.input(at(index), preprocessing),
      check: (index) => dataset.check(at(index)),
    }),
  })
}

/** Whether a dataset was made by {@link defineDataset}. */
export function isImageDataset(dataset: Dataset): dataset is ImageDataset {
  return 'input' in dataset && 'check' in dataset && 'prefetch' in dataset
}

/** The dataset without the images of a list, such as `checkImages` gives. */
export function withoutUnreadable(
  dataset: Dataset,
  unreadable: readonly { readonly path: string }[],
): ImageDataset {
  const paths = new Set(unreadable.map((image) => image.path))
  const indices = Array.from({ length: dataset.length }, (_, index) => index)
  return subset(
    dataset,
    indices.filter((index) => !paths.has(dataset.path(index))),
  )
}
