import { join } from 'node:path'
import { ConvkitError, createVariant, type Model, type Pixels } from '@convkit/core'
import { readImage } from '@convkit/data'
import { type ExportFormat, type ExportResult, exportModel } from '@convkit/export'
import type { ExportOptions } from './commands/export.js'
import { imagePaths } from './shared/image-paths.js'
import { openModel } from './shared/model-source.js'
import { type CommandContext, engineOptions } from './shared/options.js'
import { inBytes } from './shared/text.js'

/** How many images an export is compared with its model on. */
const checked = 20

/** What is put after a model's name, where no path was given. */
const suffixes: Readonly<Record<ExportFormat, string>> = { onnx: '.onnx' }

/** `convkit export <model>` */
export async function exportCommand(
  path: string,
  options: ExportOptions,
  context: CommandContext,
): Promise<void> {
  const { report } = context
  const model = await modelOf(path, options, context)
  const { format, input, out = defaultPath(path, model, options) } = options
  const images = options.images === undefined ? undefined : await readImages(options.images, model)
  report.line('Model', `${model.name}, ${model.classes.length} classes`)
  const result = await exportModel(model, {
    format,
    out,
    ...(input && { input }),
    ...(images && { images }),
  })
  await model.dispose()
  report.result(result, textOf(result))
}

/** The model of a folder, or a registered one by its name with weights. */
async function modelOf(name: string, options: ExportOptions, context: CommandContext): Promise<Model> {
  const registry = await context.host.registry()
  const { weights, seed } = options
  if (!registry.models.has(name)) {
    if (weights === undefined) return openModel(name, context, options)
    throw new ConvkitError('E_USAGE', `--weights goes with a model's name, and ${name} is none of them`)
  }
  if (weights === undefined) {
    throw new ConvkitError(
      'E_USAGE',
      `${name} is a network without weights: say which by --weights (convkit models ${name} lists them), or export the folder of a run`,
    )
  }
  return createVariant(registry.model(name), {
    registry,
    weights,
    ...(seed !== undefined && { seed }),
    ...(options.engine && { engine: options.engine }),
    engineOptions: engineOptions(options),
  })
}

function defaultPath(path: string, { name, registry }: Model, { format }: ExportOptions): string {
  const folder = registry.models.has(path) ? '.' : join(path, 'export')
  return join(folder, `${name}${suffixes[format]}`)
}

async function readImages(given: string, { preprocessing: { channels } }: Model): Promise<Pixels[]> {
  const files = await imagePaths([given])
  return Promise.all(files.slice(0, checked).map((file) => readImage(file, { channels })))
}

function textOf({ path, bytes, runtime, images, sameTop1, largestDifference }: ExportResult): string {
  return [
    `${path}: ${inBytes(bytes)}`,
    `Checked in ${runtime}: top-1 the same for ${sameTop1} of ${images} images, logits within ${largestDifference.toExponential(1)}`,
  ].join('\n')
}
