import { ConvkitError, type Model, type Pixels, preprocess } from '@convkit/core'
import { checkImages } from './check/check-images.js'
import { compareAndClose, referenceOf, requireAgreement } from './check/compare.js'
import type { ExportResult } from './export-result.js'
import { type ExportFormat, formats } from './formats.js'
import type { ModelInput } from './graph/inference-graph.js'
import { exportOnnx } from './onnx/export-onnx.js'
import { sizeOfFiles, writeChecked } from './output.js'

export interface ExportOptions {
  readonly format: ExportFormat
  /** A file for `onnx` and `safetensors`, a folder for `savedmodel` and `tfjs`. An export that is there is replaced. */
  readonly out: string
  /** What the exported model takes; `normalized` by default. `image` is for `onnx` alone. Safetensors has no input. */
  readonly input?: ModelInput
  /** What the export is compared with the model on, of any size; by default 20 that are drawn by a seed. */
  readonly images?: readonly Pixels[]
  /**
   * Quantize weights and activations to 8 bits, with ranges of these images of any size; for `onnx` alone. About a
   * hundred of those that the model is made for will do.
   */
  readonly calibration?: readonly Pixels[]
}

/** How many images an export is compared with its model on. */
const checked = 20

/**
 * Writes a model in another format. Before it has its name, the file is opened by its own runtime and compared with the
 * model: the same class first for every image, and logits within 1e-4. Of a quantized model that holds for its float32
 * form; how far the quantized one agrees is in the result. Of a model that scales images itself it holds for the network;
 * its pixels are within a step of 8 bits of convkit's on average, and the same class is first, on images of unlike sizes.
 *
 * @throws E_EXPORT when the network cannot be written so; E_EXPORT_CHECK when what was written does not agree;
 * E_ENGINE_UNAVAILABLE when the runtime that checks it is missing, with the command that installs it; E_OPTION for
 * another format in 8 bits or of images of any size, or without calibration images; E_OUTPUT, E_DISK_FULL. Nothing is left at `out` then.
 */
export async function exportModel(model: Model, options: ExportOptions): Promise<ExportResult> {
  const { format, out, input = 'normalized', calibration } = options
  const { preprocessing } = model
  requirePossible(options)
  const given = options.images?.slice(0, checked) ?? []
  const images =
    given.length > 0
      ? given.map((image) => preprocess(image, preprocessing))
      : checkImages(preprocessing, checked)
  const reference = await referenceOf(model, images)
  if (format === 'onnx') return exportOnnx(model, reference, { out, input, images: given, calibration })
  const { encode, open } = formats[format]
  const networkInput = input === 'image' ? 'pixels' : input
  const files = await encode(model, networkInput)
  const agreement = await writeChecked(out, files, async (path) =>
    requireAgreement(await compareAndClose(reference, await open(path, model, networkInput))),
  )
  return { path: out, bytes: sizeOfFiles(files), ...agreement }
}

/** @throws E_OPTION. */
function requirePossible({ format, input, calibration }: ExportOptions): void {
  if (calibration && (format !== 'onnx' || calibration.length === 0)) {
    const got = format === 'onnx' ? 'no calibration images' : format
    throw new ConvkitError(
      'E_OPTION',
      `8-bit models are written as onnx, with calibration images; got ${got}`,
    )
  }
  if (input === 'image' && format !== 'onnx') {
    throw new ConvkitError(
      'E_OPTION',
      `Images of any size are taken by onnx models alone: TensorFlow.js has no antialiased resize, and safetensors no network; got ${format}: take pixels of the input size there`,
    )
  }
}
