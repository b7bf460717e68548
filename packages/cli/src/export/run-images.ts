import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ConvkitError, type Model } from '@convkit/core'
import { type ImageDataset, oversampled, subset } from '@convkit/data'
import * as v from 'valibot'
import { type LabelledParts, labelledBy } from '../shared/labelled-parts.js'
import type { CommandContext } from '../shared/options.js'
import { readRunConfig } from '../train/config.js'
import { openParts, rootOf } from '../train/data.js'
import { runFolder } from '../train/run-folder.js'
import { describeSplit, requireSameSplit } from '../train/split.js'

export interface RunImages extends LabelledParts {
  /** The path that the run was trained on. */
  readonly data: string
}

/**
 * The images that a run was trained and validated on.
 *
 * @throws E_NOT_FOUND when they are not where they were; E_DATASET_CHANGED when they are others.
 */
export async function runImages(run: string, model: Model, { host }: CommandContext): Promise<RunImages> {
  const folder = runFolder(run)
  const config = await readRunConfig(folder.config)
  const { data } = config
  const { datasets } = await host.registry()
  if (!(await stat(data).catch(() => undefined))) {
    throw new ConvkitError(
      'E_NOT_FOUND',
      `The images of ${run} are no longer at ${data}: put them back, or name data like them by --calibration`,
    )
  }
  const opened = await openParts(config, datasets.values())
  const root = await rootOf(data)
  const skipped = await unreadable(folder.dataReport, root)
  const [train, validation] = [opened.train, opened.validation].map(
    (part) => part && readable(part, skipped),
  ) as [ImageDataset, ImageDataset | undefined]
  const used = { train: config.oversample ? oversampled(train) : train, validation }
  requireSameSplit(run, await readFile(folder.split, 'utf8'), await describeSplit(root, used))
  return {
    data,
    train: labelledBy(model, train, data),
    validation: validation && labelledBy(model, validation, data),
  }
}

const reportSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ unreadable: v.array(v.object({ path: v.string() })) }),
)

/** The images that the run left out. */
async function unreadable(report: string, root: string): Promise<ReadonlySet<string>> {
  const text = await readFile(report, 'utf8').catch(() => '')
  const parsed = v.safeParse(reportSchema, text)
  return new Set(parsed.success ? parsed.output.unreadable.map(({ path }) => join(root, path)) : [])
}

function readable(dataset: ImageDataset, skipped: ReadonlySet<string>): ImageDataset {
  if (skipped.size === 0) return dataset
  const indices = Array.from({ length: dataset.length }, (_, index) => index)
  return subset(
    dataset,
    indices.filter((index) => !skipped.has(dataset.path(index))),
  )
}
