import { type Model, type Pixels, preprocess } from '@convkit/core'
import { checkImages } from './check/check-images.js'
import { type Agreement, compare, requireAgreement } from './check/compare.js'
import { type ExportFormat, formats } from './formats.js'
import type { ModelInput } from './graph/inference-graph.js'
import { sizeOfFiles, writeChecked } from './output.js'

export interface ExportOptions {
  readonly format: ExportFormat
  /** A file for `onnx` and `safetensors`, a folder for `savedmodel` and `tfjs`. An export that is there is replaced. */
  readonly out: string
  /** What the exported model takes; `normalized` by default. Safetensors has no input. */
  readonly input?: ModelInput
  /** What the export is compared with the model on, of any size; by default 20 that are drawn by a seed. */
  readonly images?: readonly Pixels[]
}

export interface ExportResult extends Agreement {
  readonly path: string
  readonly bytes: number
}

/** How many images an export is compared with its model on. */
const checked = 20

/**
 * Writes a model in another format. Before it has its name, the file is opened by its own runtime and compared with the
 * model: the same class first for every image, and logits within 1e-4.
 *
 * @throws E_EXPORT when the network cannot be written so; E_EXPORT_CHECK when what was written does not agree;
 * E_ENGINE_UNAVAILABLE when the runtime that checks it is missing, with the command that installs it; E_OUTPUT,
 * E_DISK_FULL. Nothing is left at `out` then.
 */
export async function exportModel(model: Model, options: ExportOptions): Promise<ExportResult> {
  const { format, out, input = 'normalized', images } = options
  const { encode, open } = formats[format]
  const { preprocessing } = model
  const prepared =
    images?.slice(0, checked).map((image) => preprocess(image, preprocessing)) ??
    checkImages(preprocessing, checked)
  const files = await encode(model, input)
  let agreement: Agreement | undefined
  await writeChecked(out, files, async (path) => {
    const exported = await open(path, model, input)
    try {
      agreement = await compare(model, exported, prepared)
    } finally {
      await exported.dispose()
    }
    requireAgreement(agreement)
  })
  return { path: out, bytes: sizeOfFiles(files), ...(agreement as unknown as Agreement) }
}
