import type { Dataset, Model, Pixels } from '@convkit/core'
import { subset } from '@convkit/data'
import { openOnnx, toClassifier } from '@convkit/export'
import { evaluate, evaluateClassifier } from '@convkit/train'
import type { ExportOptions } from '../commands/export.js'
import { labelledParts } from '../shared/labelled-parts.js'
import type { CommandContext } from '../shared/options.js'
import { counted } from '../shared/text.js'

/** How many images the ranges are found by. */
const calibrationImages = 100

/** The loss of accuracy, in points, above which a warning is printed. */
const allowedLoss = 1

/** Images that the ranges of 8 bits come from, and others that the accuracy is measured on. */
export interface Calibration {
  readonly images: readonly Pixels[]
  readonly measured: Dataset
}

/** Every so many-th training image, and the validation images, or those that are left. */
export async function openCalibration(
  data: string,
  model: Model,
  context: CommandContext,
): Promise<Calibration> {
  const { train, validation } = await labelledParts(data, model, {}, context)
  const count = Math.min(calibrationImages, train.length)
  const chosen = Array.from({ length: count }, (_, i) => Math.floor((i * train.length) / count))
  const isChosen = new Set(chosen)
  const left = Array.from({ length: train.length }, (_, i) => i).filter((i) => !isChosen.has(i))
  const images = await Promise.all(chosen.map(async (index) => (await train.item(index)).pixels))
  const measured = validation ?? subset(train, left.length > 0 ? left : chosen)
  context.report.line('Ranges', `of ${counted(images.length, 'image')} of ${data}`)
  return { images, measured }
}

/** Top-1 of the model and of its 8-bit form, and on how many images. */
export interface Accuracies {
  readonly measuredImages: number
  readonly top1Before: number
  readonly top1After: number
}

/** Measures both; warns where the quantized model has lost more than a point. */
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
  const before = await evaluate(model, measured, { batchSize: 16, onBatch })
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
