import { stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { ConvkitError, type Prediction } from '@convkit/core'
import { imageExtensions, readImage } from '@convkit/data'
import { glob } from 'tinyglobby'
import type { PredictOptions } from './commands/predict.js'
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
  const files = (await Promise.all(images.map(filesOf))).flat()
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

/** A file itself, the images in a folder, or what a glob matches; in code-point order. @throws E_NOT_FOUND. */
async function filesOf(argument: string): Promise<string[]> {
  const info = await stat(argument).catch(() => undefined)
  if (info?.isFile()) return [argument]
  const inFolder = info?.isDirectory() ?? false
  const found = inFolder
    ? await glob('**', { cwd: argument })
    : await glob(argument, { expandDirectories: false })
  const matches = found
    .filter(isImage)
    .sort()
    .map((path) => (inFolder ? join(argument, path) : path))
  if (matches.length > 0) return matches
  throw new ConvkitError(
    'E_NOT_FOUND',
    info ? `${argument} holds no images` : `There is no image ${argument}, and no image matches it as a glob`,
  )
}

const isImage = (path: string) => imageExtensions.includes(extname(path).slice(1).toLowerCase())
