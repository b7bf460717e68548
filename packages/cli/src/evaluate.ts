import { testTime } from '@convkit/augment'
import { ConvkitError, type Dataset, type Model } from '@convkit/core'
import { defineDataset, openDataset } from '@convkit/data'
import {
  describeShare,
  type EvaluateClassifierOptions,
  type Evaluation,
  evaluate,
  evaluateClassifier,
} from '@convkit/train'
import type { EvaluateOptions } from './commands/evaluate.js'
import { openOptions } from './shared/data-options.js'
import { openModel } from './shared/model-source.js'
import type { CommandContext } from './shared/options.js'
import { counted, listed, table } from './shared/text.js'

/** Up to how many classes the confusion matrix is printed for. */
const confusionLimit = 20

/** `convkit evaluate <model> <data>` */
export async function evaluateModel(
  path: string,
  data: string,
  options: EvaluateOptions,
  context: CommandContext,
): Promise<void> {
  const { report } = context
  const model = await openModel(path, context, options)
  const dataset = await imagesOf(data, model, options, context)
  report.line('Model', `${model.name}, ${model.classes.length} classes`)
  report.line('Engine', `${model.engine.name} (${model.engine.description})`)
  const { batchSize = 32, tta, ttaAverage } = options
  if (ttaAverage !== undefined && tta === undefined)
    throw new ConvkitError('E_USAGE', '--tta-average says how views are averaged: name them with --tta')
  if (tta !== undefined) report.line('Views', `${tta}, ${ttaAverage ?? 'mean'} of the probabilities`)
  const evaluation = await measure(model, dataset, options, {
    batchSize,
    onBatch({ done, total }) {
      if (!report.quiet) report.terminal.live(`Evaluating ${done}/${total}`)
    },
  })
  await model.dispose()
  const { images, metrics, loss, perClass, confusion } = evaluation
  report.result({ images, ...metrics, loss, perClass, confusion }, textOf(evaluation, model))
}

/** By the model as it is, or by what it makes of several views of each image. */
async function measure(
  model: Model,
  dataset: Dataset,
  { tta, ttaAverage }: EvaluateOptions,
  how: EvaluateClassifierOptions,
): Promise<Evaluation> {
  if (tta === undefined) return evaluate(model, dataset, how)
  const classifier = testTime(model, tta, { average: ttaAverage })
  try {
    return await evaluateClassifier(classifier, dataset, how)
  } finally {
    await classifier.dispose()
  }
}

/** A folder's validation images where it is divided into parts, else all of them; labelled by the model's classes. */
async function imagesOf(
  data: string,
  { classes, severalLabels = false }: Model,
  options: EvaluateOptions,
  { host }: CommandContext,
): Promise<Dataset> {
  const { datasets } = await host.registry()
  const { train, validation } = await openDataset(data, openOptions(options), datasets.values())
  const dataset = validation ?? train
  if (dataset.targets && !severalLabels) {
    throw new ConvkitError(
      'E_DATASET',
      `${data} has images of several labels, and the model was trained on one label each: give each image one label, or train a model on several`,
    )
  }
  const unknown = dataset.classes.filter((label) => !classes.includes(label))
  if (unknown.length > 0) {
    throw new ConvkitError(
      'E_CLASSES',
      `${data} has classes that the model does not know: ${listed(unknown, 5)}; it knows ${listed(classes, 10)}`,
    )
  }
  const places = dataset.classes.map((label) => classes.indexOf(label))
  return defineDataset({
    classes,
    labels: Array.from(dataset.labels, (label) => places[label] as number),
    ...(severalLabels && { targets: targetsOf(dataset, places, classes.length) }),
    path: dataset.path,
    prefetch: dataset.prefetch,
    item: async (index) => (await dataset.item(index)).pixels,
    input: dataset.input,
    check: dataset.check,
  })
}

/** `[images, classes of the model]`, where each class of the dataset is at its place in the model's. */
function targetsOf(
  { labels, targets, classes }: Dataset,
  places: readonly number[],
  width: number,
): Uint8Array {
  const rows = new Uint8Array(labels.length * width)
  for (let i = 0; i < labels.length; i++) {
    places.forEach((place, k) => {
      const isShown = targets ? targets[i * classes.length + k] === 1 : labels[i] === k
      if (isShown) rows[i * width + place] = 1
    })
  }
  return rows
}

function textOf({ images, loss, metrics, perClass, confusion }: Evaluation, { classes }: Model): string {
  const number = (name: string) => (metrics[name] ?? Number.NaN).toFixed(3)
  const correct = confusion.reduce((sum, row, label) => sum + (row[label] ?? 0), 0)
  const summary =
    confusion.length > 0
      ? `${describeShare('top-1', correct, images)}, top-5 ${number('top5')}`
      : `mAP ${number('meanAveragePrecision')}, micro F1 ${number('microF1')}, all labels right ${number('subsetAccuracy')} of ${counted(images, 'image')}`
  const rows = perClass.map((row) => [
    row.label,
    ...[row.precision, row.recall, row.f1].map((value) => value.toFixed(3)),
    String(row.images),
  ])
  const parts = [
    `${summary}, loss ${loss.toFixed(4)}`,
    table([['class', 'precision', 'recall', 'f1', 'images'], ...rows]),
  ]
  if (confusion.length > 0 && classes.length <= confusionLimit) {
    const matrix = confusion.map((row, label) => [classes[label] as string, ...row.map(String)])
    parts.push(
      `Confusion: a row for each class, a column for each prediction\n${table([['', ...classes], ...matrix])}`,
    )
  }
  return parts.join('\n\n')
}
