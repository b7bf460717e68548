import { join } from 'node:path'
import { ConvkitError, createVariant, type Model, type Pixels } from '@convkit/core'
import { readImage } from '@convkit/data'
import { type ExportFormat, type ExportResult, exportModel, type ScalingAgreement } from '@convkit/export'
import type { ExportOptions } from '../commands/export.js'
import { imagePaths } from '../shared/image-paths.js'
import { openModel } from '../shared/model-source.js'
import { type CommandContext, engineOptions } from '../shared/options.js'
import { inBytes } from '../shared/text.js'
import { type Accuracies, accuracies, describeAccuracies, openCalibration } from './int8.js'

/** How many images an export is compared with its model on. */
const checked = 20

/** What is put after a model's name, where no path was given. */
const suffixes: Readonly<Record<ExportFormat, string>> = {
  onnx: '.onnx',
  savedmodel: '-savedmodel',
  safetensors: '.safetensors',
  tfjs: '-tfjs',
}

/** `convkit export <model>` */
export async function exportCommand(
  path: string,
  options: ExportOptions,
  context: CommandContext,
): Promise<void> {
  const { report } = context
  const { format, input } = options
  if (format === undefined) {
    throw new ConvkitError('E_USAGE', `Name what to write by --format: ${Object.keys(suffixes).join(', ')}`)
  }
  requireTogether(options)
  const model = await modelOf(path, options, context)
  const out = options.out ?? defaultPath(path, model, { ...options, format })
  report.line('Model', `${model.name}, ${model.classes.length} classes`)
  const int8 = options.int8 ? await openCalibration(path, model, options, context) : undefined
  if (int8 && !report.quiet) report.terminal.live('Quantizing')
  const images = options.images === undefined ? int8?.checked : await readImages(options.images, model)
  const result = await exportModel(model, {
    format,
    out,
    ...(input && { input }),
    ...(images && { images }),
    ...(int8 && { calibration: int8.images }),
  })
  report.terminal.clear()
  const accuracy = int8 && (await accuracies(model, result.path, int8.measured, options, context))
  await model.dispose()
  report.result({ ...result, ...accuracy }, textOf(result, accuracy))
}

/** @throws E_USAGE for options that need another one. */
function requireTogether({ format, input, int8 = false, calibration }: ExportOptions): void {
  const fail = (message: string) => new ConvkitError('E_USAGE', message)
  if (input !== undefined && format === 'safetensors')
    throw fail(
      `--input is for formats with a network in them, and safetensors hold weights alone: leave it out`,
    )
  if (input === 'image' && format !== 'onnx') {
    throw fail(
      `--input image is for --format onnx, got ${format}: TensorFlow has no resize that all of its runtimes antialias alike; take --input pixels`,
    )
  }
  if (int8 && format !== 'onnx') throw fail(`--int8 is for --format onnx, got ${format}`)
  if (!int8 && calibration !== undefined) throw fail('--calibration is for --int8')
}

/** The model of a folder, or a registered one by its name with weights. */
async function modelOf(name: string, options: ExportOptions, context: CommandContext): Promise<Model> {
  const registry = await context.host.registry()
  const { weights, seed } = options
  if (!registry.models.has(name)) {
    if (weights === undefined) return openModel(name, context, options)
    throw new ConvkitError('E_USAGE', `--weights goes with the name of a network, and ${name} is none`)
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

function defaultPath(
  path: string,
  { name, registry }: Model,
  { format, int8 }: ExportOptions & { readonly format: ExportFormat },
): string {
  const folder = registry.models.has(path) ? '.' : join(path, 'export')
  return join(folder, `${name}${int8 ? '-int8' : ''}${suffixes[format]}`)
}

async function readImages(given: string, { preprocessing: { channels } }: Model): Promise<Pixels[]> {
  const files = await imagePaths([given])
  return Promise.all(files.slice(0, checked).map((file) => readImage(file, { channels })))
}

function describeScaling(scaling: ScalingAgreement): string {
  const { images, meanPixelDifference, sameTop1, largestDifference } = scaling
  return `Scaling  compared with convkit's on ${images} images of unlike sizes: pixels within ${meanPixelDifference.toFixed(3)} of 255 on average (at most 1), top-1 the same for ${sameTop1}, logits within ${largestDifference.toExponential(1)}`
}

function textOf(result: ExportResult, accuracy: Accuracies | undefined): string {
  const { path, bytes, floatBytes, runtime, images, sameTop1, largestDifference, scaling } = result
  const share =
    floatBytes === undefined ? '' : `, ${(bytes / floatBytes).toFixed(2)}× of ${inBytes(floatBytes)}`
  return [
    `${path}: ${inBytes(bytes)}${share}`,
    `Checked in ${runtime}: top-1 the same for ${sameTop1} of ${images} images, logits within ${largestDifference.toExponential(1)}`,
    ...(scaling ? [describeScaling(scaling)] : []),
    ...(accuracy ? [describeAccuracies(accuracy)] : []),
  ].join('\n')
}
