import { writeFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { ConvkitError, type Dataset, type Model } from '@convkit/core'
import { openDataset } from '@convkit/data'
import { type Embeddings, embeddings, nearestNeighbours } from '@convkit/transfer'
import type { EmbedOptions } from '../commands/embed.js'
import { openModel } from '../shared/model-source.js'
import { requireOneLabel } from '../shared/one-label.js'
import type { CommandContext } from '../shared/options.js'
import type { Report } from '../shared/report.js'
import { counted } from '../shared/text.js'
import { encodeEmbeddings, isEmbeddingFormat, type LabelledEmbeddings } from './encode-embeddings.js'

/** `convkit embed <model> <data>` */
export async function embedImages(
  path: string,
  data: string,
  options: EmbedOptions,
  context: CommandContext,
): Promise<void> {
  const { report, host } = context
  const { out, neighbours } = options
  const format = extname(out).slice(1)
  if (!isEmbeddingFormat(format)) {
    throw new ConvkitError('E_OPTION', `--out must end in .npz or .parquet, got ${out}`)
  }
  const model = await openModel(path, context, options)
  const { datasets } = await host.registry()
  const { train, validation } = await openDataset(data, {}, datasets.values())
  requireOneLabel(data, train)
  const parts: LabelledEmbeddings[] = [await embedPart(model, train, 'train', options, report)]
  if (validation) parts.push(await embedPart(model, validation, 'validation', options, report))
  await model.dispose()
  const bytes = await encodeEmbeddings(parts, format)
  await writeFile(out, bytes).catch((error: Error) => {
    throw new ConvkitError('E_OUTPUT', `${out} cannot be written: ${error.message}`)
  })
  const knn = neighbours === undefined ? undefined : scoreOf(parts, train.classes.length, neighbours)
  const images = parts.reduce((sum, { rows }) => sum + rows.labels.length, 0)
  const width = parts[0]?.rows.width ?? 0
  report.result(
    { out, images, width, ...(knn !== undefined && { neighbours: { k: neighbours, top1: knn } }) },
    [
      `${out}: ${counted(images, 'image')}, ${width} numbers each`,
      ...(knn === undefined ? [] : [`top-1 by ${neighbours} nearest neighbours ${knn.toFixed(3)}`]),
    ].join('\n'),
  )
}

async function embedPart(
  model: Model,
  dataset: Dataset,
  part: LabelledEmbeddings['part'],
  { stages, batchSize = 32 }: EmbedOptions,
  { quiet, terminal }: Report,
): Promise<LabelledEmbeddings> {
  const rows: Embeddings = await embeddings(model, dataset, {
    batchSize,
    ...(stages !== undefined && { stages: stages.split(',') }),
    onProgress({ done, total }) {
      if (!quiet) terminal.live(`Embedding ${part} images ${done}/${total}`)
    },
  })
  terminal.clear()
  return { part, rows, classes: dataset.classes, paths: rows.indices.map((index) => dataset.path(index)) }
}

function scoreOf([train, validation]: readonly LabelledEmbeddings[], classes: number, k: number): number {
  if (!train || !validation) {
    throw new ConvkitError(
      'E_USAGE',
      '--neighbours compares validation images with training images: the data must be divided into both',
    )
  }
  return nearestNeighbours(train.rows, validation.rows, { classes, k }).top1
}
