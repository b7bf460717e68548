import type { Dataset } from '@convkit/core'
import { type DatasetDefinition, defineDataset, type ImageDataset } from './define-dataset.js'
import type { Blocks } from './image-order.js'

/** Some images of a dataset, in the order of `indices`, with the same classes. An index may come several times. */
export function subset(dataset: Dataset, indices: ArrayLike<number>): ImageDataset {
  const at = (index: number) => indices[index] as number
  const weights = isImageDataset(dataset) ? dataset.weights : undefined
  return defineDataset({
    ...sameImages(dataset, at),
    classes: dataset.classes,
    labels: Array.from(indices, (index) => dataset.labels[index] as number),
    targets: dataset.targets && rowsOf(dataset.targets, dataset.classes.length, indices),
    weights: weights && Array.from(indices, (index) => weights[index] as number),
  })
}

/** The images of a dataset under other positions: `at` gives the dataset's own. */
export function sameImages(
  dataset: Dataset,
  at: (index: number) => number = (index) => index,
): Omit<DatasetDefinition, 'classes' | 'labels' | 'targets' | 'weights'> {
  return {
    path: (index) => dataset.path(at(index)),
    item: async (index) => (await dataset.item(at(index))).pixels,
    ...(isImageDataset(dataset) && {
      ...(dataset.blocks && { blocks: blocksAt(dataset.blocks, at) }),
      prefetch: dataset.prefetch,
      input: (index, preprocessing) => dataset.input(at(index), preprocessing),
      scaledCrop: (index, choose, preprocessing, into) =>
        dataset.scaledCrop(at(index), choose, preprocessing, into),
      check: (index) => dataset.check(at(index)),
    }),
  }
}

const blocksAt = ({ of, atOnce }: Blocks, at: (index: number) => number): Blocks => ({
  of: (index) => of(at(index)),
  atOnce,
})

function rowsOf(targets: Uint8Array, width: number, indices: ArrayLike<number>): Uint8Array {
  const rows = new Uint8Array(indices.length * width)
  for (let i = 0; i < indices.length; i++) {
    const from = (indices[i] as number) * width
    rows.set(targets.subarray(from, from + width), i * width)
  }
  return rows
}

/** The dataset itself where it was made by {@link defineDataset}, else one with the same images. */
export function asImageDataset(dataset: Dataset): ImageDataset {
  if (isImageDataset(dataset)) return dataset
  const { classes, labels, targets } = dataset
  return defineDataset({ ...sameImages(dataset), classes, labels, ...(targets && { targets }) })
}

/** Whether a dataset was made by {@link defineDataset}. */
export function isImageDataset(dataset: Dataset): dataset is ImageDataset {
  return ['input', 'scaledCrop', 'check', 'prefetch'].every((name) => name in dataset)
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
