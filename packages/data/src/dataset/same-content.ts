import type { Dataset } from '@convkit/core'
import type { ImageCheck } from './check-images.js'

/** A part of the data with what {@link checkImages} found in it. */
export interface CheckedPart {
  /** `train`, `validation`, … */
  readonly name: string
  readonly dataset: Dataset
  readonly check: Pick<ImageCheck, 'sha256'>
}

/** Images whose files have the same bytes. */
export interface SameContent {
  readonly images: readonly {
    readonly part: string
    readonly path: string
    readonly labels: readonly string[]
  }[]
  /** Whether they are in several parts: what is validated on was trained on. */
  readonly isAcrossParts: boolean
  /** Whether they have different labels. */
  readonly isConflicting: boolean
}

/** The images that come more than once, in the order in which they first come. */
export function sameContent(parts: readonly CheckedPart[]): SameContent[] {
  const groups = new Map<string, SameContent['images'][number][]>()
  for (const { name, dataset, check } of parts) {
    check.sha256.forEach((hash, index) => {
      if (hash === undefined) return
      const image = { part: name, path: dataset.path(index), labels: labelsOf(dataset, index) }
      const group = groups.get(hash)
      if (group) group.push(image)
      else groups.set(hash, [image])
    })
  }
  const isMixed = (values: readonly string[]) => new Set(values).size > 1
  return [...groups.values()]
    .filter((images) => images.length > 1)
    .map((images) => ({
      images,
      isAcrossParts: isMixed(images.map(({ part }) => part)),
      isConflicting: isMixed(images.map(({ labels }) => JSON.stringify(labels))),
    }))
}

function labelsOf({ classes, labels, targets }: Dataset, index: number): string[] {
  if (!targets) return [classes[labels[index] as number] as string]
  return classes.filter((_, k) => targets[index * classes.length + k] === 1)
}
