import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { relative, sep } from 'node:path'
import { ConvkitError, type Dataset } from '@convkit/core'
import { stringify } from 'csv-stringify/sync'

/** Every image of a run as `split.csv` has it: path, label, split and the sha256 of its bytes. */
export async function describeSplit(
  root: string,
  parts: { readonly train: Dataset; readonly validation: Dataset | undefined },
): Promise<string> {
  const rows: (readonly string[])[] = []
  for (const split of ['train', 'validation'] as const) {
    const dataset = parts[split]
    if (!dataset) continue
    for (let index = 0; index < dataset.length; index++) {
      const place = relative(root, dataset.path(index)).split(sep).join('/')
      const label = labelsOf(dataset, index).join('|')
      rows.push([place, label, split, await imageHash(dataset, index)])
    }
  }
  return stringify(rows, { header: true, columns: ['path', 'label', 'split', 'sha256'] })
}

function labelsOf({ classes, labels, targets }: Dataset, index: number): string[] {
  if (!targets) return [classes[labels[index] as number] as string]
  return classes.filter((_, k) => targets[index * classes.length + k] === 1)
}

/** Of the file, or of the pixels of an image that is no file of its own. */
async function imageHash(dataset: Dataset, index: number): Promise<string> {
  const bytes = await readFile(dataset.path(index)).catch(async () => (await dataset.item(index)).pixels.data)
  return createHash('sha256').update(bytes).digest('hex')
}

/** @throws E_DATASET_CHANGED when the images are not those that the run began with. */
export function requireSameSplit(run: string, before: string, now: string): void {
  if (before === now) return
  const [old, current] = [before, now].map((csv) => csv.trim().split('\n').slice(1)) as [string[], string[]]
  const [known, present] = [new Set(old), new Set(current)]
  const gone = old.filter((line) => !present.has(line))
  const added = current.filter((line) => !known.has(line))
  const [first = 'their order'] = [...gone, ...added]
  throw new ConvkitError(
    'E_DATASET_CHANGED',
    `The images have changed since ${run} began: ${gone.length} of its ${old.length} are gone or different, ${added.length} are new (first: ${first.split(',')[0]}); put them back, or start a new run`,
  )
}
