import { ConvkitError, type Prediction } from '@convkit/core'
import { readImage } from '@convkit/data'
import type { PredictOptions } from './commands/predict.js'
import { imagePaths } from './shared/image-paths.js'
import { openModel } from './shared/model-source.js'
import type { CommandContext } from './shared/options.js'

/** Images that are decoded and predicted at once. */
const batchSize = 16

/** `convkit predict <model> <images…>` */
export async function predictImages(
  path: string,
  images: readonly string[],
  options: PredictOptions,
  context: CommandContext,
): Promise<void> {
  const { top = 5 } = options
  if (top < 1) throw new ConvkitError('E_OPTION', `--top must be at least 1, got ${top}`)
  const files = await imagePaths(images)
  const model = await openModel(path, context, options)
  const predictions: { path: string; top: Prediction[] }[] = []
  for (let from = 0; from < files.length; from += batchSize) {
    const paths = files.slice(from, from + batchSize)
    const { channels } = model.preprocessing
    const pixels = await Promise.all(paths.map((file) => readImage(file, { channels })))
    const rows = await model.predict(pixels, { top })
    predictions.push(...rows.map((row, index) => ({ path: paths[index] as string, top: row })))
  }
  await model.dispose()
  const width = Math.max(...predictions.map((prediction) => prediction.path.length))
  const lines = predictions.map(
    (prediction) => `${prediction.path.padEnd(width)}  ${prediction.top.map(shown).join(', ')}`,
  )
  context.report.result({ predictions }, lines.join('\n'))
}

const shown = ({ label, probability }: Prediction) => `${label} ${probability.toFixed(3)}`
