import type { Dataset, DatasetParts } from '@convkit/core'
import type { SkippedPath } from './list-images.js'

/** How data became datasets: what a run writes down beside its results. Plain JSON. */
export interface DataReport {
  readonly path: string
  /** The name of the format: `image folder`, `csv`, … */
  readonly format: string
  readonly train: number
  readonly validation: number
  /** Images by class; one with several labels counts for each. */
  readonly classes: readonly { readonly label: string; readonly train: number; readonly validation: number }[]
  /** Where the validation images come from: a folder or file, or a share of the images drawn with a seed. */
  readonly validationFrom?: DatasetParts['validationFrom']
  /** Files and folders that were passed over, and why. */
  readonly skipped: readonly SkippedPath[]
  /** Sentences for people. */
  readonly warnings: readonly string[]
}

/** Datasets that are ready for training, and how they came about. */
export interface OpenedData<D extends Dataset = Dataset> {
  readonly train: D
  readonly validation?: D
  readonly report: DataReport
}

/** The datasets with their report; `more` adds what the datasets themselves do not tell. */
export function opened<D extends Dataset>(
  source: Pick<DataReport, 'path' | 'format'>,
  { train, validation }: { readonly train: D; readonly validation?: D | undefined },
  more: Partial<Pick<DataReport, 'validationFrom' | 'skipped' | 'warnings'>> = {},
): OpenedData<D> {
  const counts = { train: train.length, validation: validation?.length ?? 0 }
  const classes = countClasses(train, validation)
  const report = { ...source, ...counts, classes, skipped: [], warnings: [], ...more }
  return { train, ...(validation && { validation }), report }
}

function countClasses(train: Dataset, validation: Dataset | undefined): DataReport['classes'] {
  const trained = countLabels(train)
  const validated = validation && countLabels(validation)
  return train.classes.map((label, index) => ({
    label,
    train: trained[index] as number,
    validation: validated?.[index] ?? 0,
  }))
}

/** Images of each class; one with several labels counts for each. `isCounted` leaves others out. */
export function countLabels(
  { labels, targets, classes }: Pick<Dataset, 'labels' | 'targets' | 'classes'>,
  isCounted: (index: number) => boolean = () => true,
): number[] {
  const counts = new Array<number>(classes.length).fill(0)
  const count = (label: number) => (counts[label] as number)++
  for (let i = 0; i < labels.length; i++) {
    if (!isCounted(i)) continue
    if (!targets) count(labels[i] as number)
    else for (let k = 0; k < classes.length; k++) if (targets[i * classes.length + k]) count(k)
  }
  return counts
}
