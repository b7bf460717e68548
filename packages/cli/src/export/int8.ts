import { ConvkitError, type Dataset, type Model, type Pixels } from '@convkit/core'
import { subset } from '@convkit/data'
import { openOnnx, toClassifier } from '@convkit/export'
import { evaluateClassifier } from '@convkit/train'
import type { ExportOptions } from '../commands/export.js'
import { labelledParts } from '../shared/labelled-parts.js'
import { runOf } from '../shared/model-source.js'
import type { CommandContext } from '../shared/options.js'
import { counted } from '../shared/text.js'
import { type RunImages, runImages } from './run-images.js'

/** How many images the ranges are found by. */
const calibrationImages = 100

/** How many images the logits are compared on, where none are named. */
const checkedImages = 20

/** The loss of accuracy, in points, above which a warning is printed. */
const allowedLoss = 1

/** Images that the ranges of 8 bits come from, others that the accuracy is measured on, and some of those. */
export interface Calibration {
  readonly images: readonly Pixels[]
  readonly measured: Dataset
  readonly checked: readonly Pixels[]
}

/**
 * Every so many-th training image, and the validation images, or those that are left: of data that is named, or else of
 * the run that the model is of.
 *
 * @throws E_USAGE when there is neither.
 */
export async function openCalibration(
  path: string,
  model: Model,
  { calibration }: ExportOptions,
  context: CommandContext,
): Promise<Calibration> {
  const { data, train, validation } = await imagesFor(path, model, calibration, context)
  const chosen = spread(calibrationImages, train.length)
  const isChosen = new Set(chosen)
  const left = Array.from({ length: train.length }, (_, i) => i).filter((i) => !isChosen.has(i))
  const images = await pixelsOf(train, chosen)
  const measured = validation ?? subset(train, left.length > 0 ? left : chosen)
  context.report.line(
    'Ranges',
    `of ${counted(images.length, 'training image')} of ${data}, accuracy on ${counted(measured.length, validation ? 'validation image' : 'other image')}`,
  )
  return { images, measured, checked: await pixelsOf(measured, spread(checkedImages, measured.length)) }
}

/** Indices of at most `count` items, evenly over all. */
function spread(count: number, length: number): number[] {
  const taken = Math.min(count, length)
  return Array.from({ length: taken }, (_, i) => Math.floor((i * length) / taken))
}

const pixelsOf = (dataset: Dataset, indices: readonly number[]): Promise<Pixels[]> =>
  Promise.all(indices.map(async (index) => (await dataset.item(index)).pixels))

async function imagesFor(
  path: string,
  model: Model,
  data: string | undefined,
  context: CommandContext,
): Promise<RunImages> {
  if (data !== undefined) return { data, ...(await labelledParts(data, model, {}, context)) }
  const run = await runOf(path)
  if (run !== undefined) return runImages(run, model, context)
  throw new ConvkitError(
    'E_USAGE',
    `--int8 needs images to find the ranges of values by, and ${path} is not the folder of a run, which names its own: name data like those of training by --calibration`,
  )
}

/** Top-1 of the model and of its 8-bit form, and on how many images. */
export interface Accuracies {
  readonly measuredImages: number
  readonly top1Before: number
  readonly top1After: number
}

/** Measures both on the same pixels, decoded whole; warns where the quantized model has lost more than a point. */
export async function accuracies(
  model: Model,
  path: string,
  measured: Dataset,
  { input = 'normalized' }: ExportOptions,
  { report }: CommandContext,
): Promise<Accuracies> {
  const onBatch = ({ done, total }: { readonly done: number; readonly total: number }) => {
    if (!report.quiet) report.terminal.live(`Evaluating ${done}/${total}`)
  }
  const before = await evaluateClassifier(model, measured, { batchSize: 16, onBatch })
  const exported = await openOnnx(path, model, input)
  const after = await evaluateClassifier(toClassifier(exported, model), measured, { batchSize: 16, onBatch })
  await exported.dispose()
  const [top1Before = 0, top1After = 0] = [before, after].map(({ metrics }) => metrics.top1)
  const lost = 100 * (top1Before - top1After)
  // counts of images as fractions: a point is not exactly 1
  if (lost > allowedLoss + 1e-6) {
    report.warn(
      `8 bits cost ${lost.toFixed(1)} points of top-1: calibrate on images that are more like those in use, or keep float32`,
    )
  }
  return { measuredImages: after.images, top1Before, top1After }
}

export function describeAccuracies({ measuredImages, top1Before, top1After }: Accuracies): string {
  return `Top-1 ${top1Before.toFixed(3)} in float32, ${top1After.toFixed(3)} in 8 bits (${counted(measuredImages, 'image')})`
}
