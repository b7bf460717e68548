import { stat } from 'node:fs/promises'
import { basename, dirname, relative } from 'node:path'
import { ConvkitError, type DatasetFormat, type UnreadableImage } from '@convkit/core'
import {
  checkImages,
  type DataReport,
  type ImageCheck,
  type ImageDataset,
  type OpenedData,
  openDataset,
  oversampled,
  type SameContent,
  type Split,
  sameContent,
  stratifiedFolds,
  subset,
  withoutUnreadable,
} from '@convkit/data'
import { foldOf, openOptions } from '../shared/data-options.js'
import type { Report } from '../shared/report.js'
import { counted, grouped, listed } from '../shared/text.js'
import type { TrainConfig } from './config.js'

/** The images of a run: readable ones only. */
export interface RunData {
  /** The folder that paths of images are written relative to. */
  readonly root: string
  readonly train: ImageDataset
  readonly validation: ImageDataset | undefined
  readonly classes: DataReport['classes']
  readonly shorterSide: ImageCheck['shorterSide']
  /** What `data-report.json` holds. */
  readonly report: object
  readonly unreadable: readonly UnreadableImage[]
  readonly warnings: readonly string[]
}

/** The share of images to validate on where the folder is not divided already, and nothing was asked for. */
const defaultFraction = 0.2

/** Opens a folder, reads every image once, and leaves out those that cannot be read. */
export async function openRunData(
  config: TrainConfig,
  formats: Iterable<DatasetFormat>,
  report: Report,
): Promise<RunData> {
  const { data } = config
  const root = await rootOf(data)
  const opened = await openParts(config, formats)
  const checked = await checkedPart(opened.train, 'training', report)
  const held = opened.validation && (await checkedPart(opened.validation, 'validation', report))
  const classes = checked.check.classes.map(({ label, images }, index) => ({
    label,
    train: images,
    validation: held?.check.classes[index]?.images ?? 0,
  }))
  const empty = classes.filter(({ train }) => train === 0).map(({ label }) => label)
  if (empty.length > 0) {
    throw new ConvkitError(
      'E_EMPTY_CLASS',
      `${data} has no readable training image of ${empty.join(', ')}: add images or remove the folder`,
    )
  }
  const repeated = sameContent([
    { name: 'train', dataset: opened.train, check: checked.check },
    ...(opened.validation && held
      ? [{ name: 'validation', dataset: opened.validation, check: held.check }]
      : []),
  ])
  const unreadable = [...checked.check.unreadable, ...(held?.check.unreadable ?? [])]
  const { shorterSide } = checked.check
  return {
    root,
    train: config.oversample ? oversampled(checked.dataset) : checked.dataset,
    validation: held && held.dataset.length > 0 ? held.dataset : undefined,
    classes,
    shorterSide,
    report: {
      ...opened.report,
      train: checked.dataset.length,
      validation: held?.dataset.length ?? 0,
      classes,
      shorterSide,
      unreadable: unreadable.map(({ path, reason }) => ({ path: relative(root, path), reason })),
      repeated,
    },
    unreadable,
    warnings: [...opened.report.warnings, ...repetitions(repeated, root), ...imbalance(classes)],
  }
}

/** The folder that paths of images are written relative to. */
export async function rootOf(data: string): Promise<string> {
  const isFolder = (await stat(data).catch(() => undefined))?.isDirectory() ?? false
  return isFolder ? data : dirname(data)
}

/** The images of a run as they are divided, readable or not. */
export async function openParts(
  config: TrainConfig,
  formats: Iterable<DatasetFormat>,
): Promise<OpenedData<ImageDataset>> {
  const { data, validation, seed, fold } = config
  const known = [...formats]
  const open = (share: TrainConfig['validation']) =>
    openDataset(data, { ...openOptions(config), validation: share, seed }, known)
  if (fold !== undefined) return foldedParts(fold, config, await open(0))
  const opened = await open(validation)
  return opened.validation || validation !== undefined ? opened : open(defaultFraction)
}

/** One of several parts of the training images is validated on. @throws E_OPTION where the data is divided already. */
function foldedParts(
  text: string,
  { data, validation, seed }: TrainConfig,
  { train, validation: held, report }: OpenedData<ImageDataset>,
): OpenedData<ImageDataset> {
  const { fold, folds } = foldOf(text)
  if (validation !== undefined || held) {
    const other = held ? `${data} has validation images of its own` : '--validation asks for others'
    throw new ConvkitError(
      'E_OPTION',
      `--fold ${text} says what is validated on, and ${other}: leave one out`,
    )
  }
  const split = stratifiedFolds(train.labels, train.classes, folds, seed)[fold - 1] as Split
  const parts = { train: subset(train, split.train), validation: subset(train, split.validation) }
  return { ...parts, report: { ...report, validationFrom: `fold ${text}` } }
}

async function checkedPart(dataset: ImageDataset, name: string, { terminal, quiet }: Report) {
  const check = await checkImages(dataset, {
    onProgress({ done, total }) {
      if (!quiet && (done % 50 === 0 || done === total))
        terminal.live(`Checking ${name} images ${done}/${total}`)
    },
  })
  terminal.clear()
  return {
    check,
    dataset: check.unreadable.length > 0 ? withoutUnreadable(dataset, check.unreadable) : dataset,
  }
}

/** The lines about the data at the head of a run. */
export function printData({ data, seed }: TrainConfig, run: RunData, report: Report): void {
  const { root, train, validation, classes, unreadable } = run
  const names = classes.map((item) => `${item.label} ${grouped(item.train + item.validation)}`)
  const total = train.length + (validation?.length ?? 0)
  report.line(
    'Data',
    `${basename(data)}: ${counted(total, 'image')}, ${counted(classes.length, 'class')} (${listed(names, 10)}), ${grouped(train.length)} train / ${grouped(validation?.length ?? 0)} validation, seed ${seed}`,
  )
  if (unreadable.length > 0) {
    const reasons = unreadable.map(({ path, reason }) => `${relative(root, path)} ${reason}`)
    report.line('Skipped', `${counted(unreadable.length, 'image')}: ${listed(reasons, 3)} (data-report.json)`)
  }
  for (const warning of run.warnings) report.warn(warning)
}

/** What images that come more than once do to a run. */
function repetitions(repeated: readonly SameContent[], root: string): string[] {
  const about = (found: readonly SameContent[], harm: string) => {
    const [first] = found
    if (!first) return []
    const example = first.images
      .slice(0, 2)
      .map(({ path, labels }) => `${relative(root, path)} (${labels.join(', ')})`)
    return [`${counted(found.length, 'image')} ${harm}, such as ${example.join(' and ')} (data-report.json)`]
  }
  return [
    ...about(
      repeated.filter(({ isAcrossParts }) => isAcrossParts),
      'trained on and validated on alike',
    ),
    ...about(
      repeated.filter(({ isConflicting }) => isConflicting),
      'again under another label',
    ),
  ]
}

/** From how many times more images on, a class makes another one rare. */
const rareFrom = 2.5

function imbalance(classes: RunData['classes']): string[] {
  const [rarest, ...others] = [...classes].sort((a, b) => a.train - b.train)
  const commonest = others.at(-1)
  if (!rarest || !commonest || commonest.train < rareFrom * rarest.train) return []
  const times = (commonest.train / rarest.train).toFixed(1)
  return [
    `${rarest.label} has ${times}× fewer images than ${commonest.label}: --class-weights balanced weighs the loss, --oversample draws them more often`,
  ]
}
