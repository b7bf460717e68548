import { ConvkitError, type Model, type Pixels, preprocess } from '@convkit/core'
import { checkImages } from './check/check-images.js'
import {
  type Agreement,
  compare,
  type Reference,
  referenceOf,
  requireAgreement,
  requireNumbers,
} from './check/compare.js'
import type { ExportedModel } from './check/exported-model.js'
import { type ExportFormat, formats } from './formats.js'
import type { ModelInput } from './graph/inference-graph.js'
import { quantizeGraph } from './int8/quantized-onnx.js'
import { encodeOnnx } from './onnx/encode-onnx.js'
import { onnxGraph } from './onnx/onnx-graph.js'
import { openOnnx } from './onnx/open-onnx.js'
import { sizeOfFiles, writeChecked } from './output.js'

export interface ExportOptions {
  readonly format: ExportFormat
  /** A file for `onnx` and `safetensors`, a folder for `savedmodel` and `tfjs`. An export that is there is replaced. */
  readonly out: string
  /** What the exported model takes; `normalized` by default. Safetensors has no input. */
  readonly input?: ModelInput
  /** What the export is compared with the model on, of any size; by default 20 that are drawn by a seed. */
  readonly images?: readonly Pixels[]
  /**
   * Quantize weights and activations to 8 bits, with ranges of these images of any size; for `onnx` alone. About a
   * hundred of those that the model is made for will do.
   */
  readonly calibration?: readonly Pixels[]
}

export interface ExportResult extends Agreement {
  readonly path: string
  readonly bytes: number
  /** Of a quantized model, what it would take in float32. */
  readonly floatBytes?: number
}

/** How many images an export is compared with its model on. */
const checked = 20

/**
 * Writes a model in another format. Before it has its name, the file is opened by its own runtime and compared with the
 * model: the same class first for every image, and logits within 1e-4. Of a quantized model that holds for its float32
 * form; how far the quantized one agrees is in the result.
 *
 * @throws E_EXPORT when the network cannot be written so; E_EXPORT_CHECK when what was written does not agree;
 * E_ENGINE_UNAVAILABLE when the runtime that checks it is missing, with the command that installs it; E_OPTION for
 * another format in 8 bits, or without calibration images; E_OUTPUT, E_DISK_FULL. Nothing is left at `out` then.
 */
export async function exportModel(model: Model, options: ExportOptions): Promise<ExportResult> {
  const { format, out, input = 'normalized', calibration } = options
  const { preprocessing } = model
  const images =
    options.images?.slice(0, checked).map((image) => preprocess(image, preprocessing)) ??
    checkImages(preprocessing, checked)
  const reference = await referenceOf(model, images)
  if (calibration) return exportQuantized(model, reference, { format, out, input, calibration })
  const { encode, open } = formats[format]
  const files = await encode(model, input)
  const agreement = await writeChecked(out, files, async (path) =>
    requireAgreement(await compareAndClose(reference, await open(path, model, input))),
  )
  return { path: out, bytes: sizeOfFiles(files), ...agreement }
}

async function exportQuantized(
  model: Model,
  reference: Reference,
  { format, out, input, calibration }: Required<Omit<ExportOptions, 'images'>>,
): Promise<ExportResult> {
  if (format !== 'onnx' || calibration.length === 0) {
    const got = format === 'onnx' ? 'no calibration images' : format
    throw new ConvkitError(
      'E_OPTION',
      `8-bit models are written as onnx, with calibration images; got ${got}`,
    )
  }
  const graph = onnxGraph(model, input)
  const float = encodeOnnx(graph, model, input)
  requireAgreement(await compareAndClose(reference, await openOnnx(float, model, input)))
  const bytes = encodeOnnx(await quantizeGraph(graph, model, input, calibration), model, input)
  const agreement = await writeChecked(out, bytes, async (path) =>
    requireNumbers(await compareAndClose(reference, await openOnnx(path, model, input))),
  )
  return { path: out, bytes: bytes.length, floatBytes: float.length, ...agreement }
}

async function compareAndClose(reference: Reference, exported: ExportedModel): Promise<Agreement> {
  try {
    return await compare(reference, exported)
  } finally {
    await exported.dispose()
  }
}
