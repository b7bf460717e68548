import { testTime } from '@convkit/augment'
import { ConvkitError, type Dataset, type Model } from '@convkit/core'
import {
  describeShare,
  type EvaluateClassifierOptions,
  type Evaluation,
  evaluate,
  evaluateClassifier,
} from '@convkit/train'
import type { EvaluateOptions } from './commands/evaluate.js'
import { labelledParts } from './shared/labelled-parts.js'
import { openModel } from './shared/model-source.js'
import type { CommandContext } from './shared/options.js'
import { counted, table } from './shared/text.js'

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
  const { train, validation } = await labelledParts(data, model, options, context)
  const dataset = validation ?? train
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
