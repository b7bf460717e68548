import type { Dataset } from '@convkit/core'
import type { SkippedPath } from './list-images.js'

/** How a folder became datasets: what a run writes down beside its results. Plain JSON. */
export interface DataReport {
  readonly path: string
  readonly format: 'image folder' | 'IDX'
  readonly train: number
  readonly validation: number
  readonly classes: readonly { readonly label: string; readonly train: number; readonly validation: number }[]
  /** Where the validation images come from: a folder or file, or a share of the images drawn with a seed. */
  readonly validationFrom?: string | { readonly fraction: number; readonly seed: number }
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
  { train, validation }: { readonly train: D; readonly validation?: D },
  more: Partial<Pick<DataReport, 'validationFrom' | 'skipped' | 'warnings'>> = {},
): OpenedData<D> {
  const counts = { train: train.length, validation: validation?.length ?? 0 }
  const classes = countClasses(train, validation)
  const report = { ...source, ...counts, classes, skipped: [], warnings: [], ...more }
  return { train, validation, report }
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

function countLabels({ labels, classes }: Dataset): number[] {
  const counts = new Array<number>(classes.length).fill(0)
  for (let i = 0; i < labels.length; i++) (counts[labels[i] as number] as number)++
  return counts
}
