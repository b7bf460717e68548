import { basename, relative } from 'node:path'
import { type ImageAnswer, largestLosses } from '@convkit/callbacks'
import {
  type Augmentation,
  type FloatTensor,
  gradCam,
  type Model,
  type Pixels,
  preprocess,
  random,
} from '@convkit/core'
import { writeFileAtomically } from '@convkit/core/node'
import type { ReportData, ReportFigure, WorstImage } from '@convkit/report'
import type { FitResult } from '@convkit/train'
import { plainSheet, sheetOf } from '../contact-sheet.js'
import { counted, grouped } from '../shared/text.js'
import type { TrainConfig } from './config.js'
import type { RunData } from './data.js'
import { readRates } from './learning-rate.js'
import type { Outcome } from './outcome.js'
import type { Run } from './run.js'
import { readSteps } from './steps.js'

export interface RunReport {
  readonly run: Run
  readonly result: FitResult
  readonly outcome: Outcome
  readonly answers: readonly ImageAnswer[]
}

/** How many images with large losses, and rows and columns of training images, are shown. */
const worstCount = 24
const sheet = { rows: 6, columns: 8 }

/** Writes a run's `report.html`. */
export async function writeRunReport(finished: RunReport): Promise<void> {
  // The charts' library is loaded when there is something to draw.
  const { renderReport } = await import('@convkit/report')
  await writeFileAtomically(finished.run.folder.report, await renderReport(await reportData(finished)))
}

async function reportData({ run, result, outcome, answers }: RunReport): Promise<ReportData> {
  const { folder, config, data, model, augmentation } = run
  const { validation, best } = outcome
  const [height, width] = model.preprocessing.inputSize
  const images = data.train.length + (data.validation?.length ?? 0)
  return {
    title: folder.path,
    subtitle: `${model.name} at ${height} × ${width} on ${basename(config.data)}: ${counted(images, 'image')}, ${counted(model.classes.length, 'class')}; ${model.engine.name}`,
    figures: figuresOf(outcome),
    warnings: data.warnings,
    history: result.history,
    ...(data.validation && { best: best.epoch }),
    steps: await readSteps(folder.events),
    rates: await readRates(folder.rates),
    ...(validation && {
      validation: {
        classes: model.classes,
        confusion: validation.confusion,
        perClass: validation.perClass,
        answers: answers.map(({ probability, label, predicted }) => ({
          probability,
          isCorrect: label === predicted,
        })),
      },
    }),
    worst: await worstImages(answers, data, model),
    samples: {
      picture: await samplePicture(data, model, augmentation, config),
      caption: augmentation
        ? `As evaluation sees them in the first column, and as training saw them in each epoch after it (${augmentation.name}).`
        : 'As the network sees them; they were not changed at random.',
    },
    records: [{ title: 'Settings', values: record(config) }],
  }
}

function figuresOf({ best, epochs, seconds, validation }: Outcome): ReportFigure[] {
  const time = seconds < 90 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(1)} min`
  const trained = { label: 'Epochs', value: grouped(epochs), note: time }
  if (!validation) {
    return best.top1 === undefined
      ? [trained]
      : [{ label: 'Training top-1', value: percent(best.top1) }, trained]
  }
  const { macroF1, loss, images } = validation
  return [
    rightAnswers(validation),
    { label: 'Macro F1', value: macroF1.toFixed(3), note: counted(images, 'validation image') },
    { label: 'Loss', value: loss.toFixed(3), note: `best epoch ${best.epoch}` },
    trained,
  ]
}

function rightAnswers({ metrics, top1Interval }: NonNullable<Outcome['validation']>): ReportFigure {
  if (!top1Interval) {
    const { meanAveragePrecision = Number.NaN, microF1 = Number.NaN } = metrics
    const note = `micro F1 ${microF1.toFixed(3)}`
    return { label: 'Mean average precision', value: percent(meanAveragePrecision), note }
  }
  const [low, high] = [top1Interval.low, top1Interval.high].map((share) => (100 * share).toFixed(0))
  const top1 = percent(metrics.top1 ?? Number.NaN)
  return { label: 'Top-1', value: top1, note: `95\u00a0% interval ${low}–${high}\u00a0%` }
}

const percent = (value: number) => `${(100 * value).toFixed(1)} %`

async function worstImages(
  answers: readonly ImageAnswer[],
  { validation, root }: RunData,
  model: Model,
): Promise<WorstImage[]> {
  if (!validation) return []
  const worst = largestLosses(answers, worstCount)
  const pictures: Pixels[] = []
  // Photos are large: one at a time is decoded.
  const decoded = async function* () {
    for (const { index } of worst) {
      const { pixels } = await validation.item(index)
      // the part of the image that the network looks at
      pictures.push(preprocess(pixels, inColours(model)))
      yield pixels
    }
  }
  const attention = await attentionOf(model, decoded(), worst)
  return worst.map(({ index, label, predicted, probability, loss }, i) => ({
    picture: pictures[i] as Pixels,
    attention: attention[i],
    path: relative(root, validation.path(index)),
    label: model.classes[label] as string,
    predicted: model.classes[predicted] as string,
    probability,
    loss,
  }))
}

/** Where the network sees what it predicts; undefined where a network has no stages. */
async function attentionOf(
  model: Model,
  images: AsyncIterable<Pixels>,
  worst: readonly ImageAnswer[],
): Promise<(FloatTensor | undefined)[]> {
  const { features } = model.trace({ batchSize: 1, mode: 'infer' })
  if ([...features.values()].at(-1)?.shape.length === 4)
    return gradCam(
      model,
      images,
      worst.map(({ predicted }) => predicted),
    )
  const none: undefined[] = []
  for await (const _ of images) none.push(undefined)
  return none
}

const inColours = ({ preprocessing }: Model) => ({ ...preprocessing, channels: 3 as const })

/** Training images, drawn by the seed; grey ones in colours, as a picture has them. */
function samplePicture(
  { train }: RunData,
  model: Model,
  augmentation: Augmentation | undefined,
  { seed, epochs }: TrainConfig,
): Promise<Pixels> {
  const { rows } = sheet
  // a column for what evaluation sees, the others are epochs
  const columns = augmentation ? Math.min(sheet.columns, epochs + 1) : sheet.columns
  const preprocessing = inColours(model)
  const order = Array.from(random(seed, 'report').permutation(train.length))
  if (!augmentation) return plainSheet(train, order.slice(0, rows * columns), preprocessing, columns)
  const shown = order.slice(0, rows)
  return sheetOf(train, shown, { augmentation, preprocessing, rows: shown.length, columns, seed })
}

function record(config: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
}
