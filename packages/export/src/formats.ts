import type { Model } from '@convkit/core'
import type { ExportedModel } from './check/exported-model.js'
import type { ModelInput } from './graph/inference-graph.js'
import { encodeOnnx } from './onnx/encode-onnx.js'
import { onnxGraph } from './onnx/onnx-graph.js'
import { openOnnx } from './onnx/open-onnx.js'
import type { ExportedFiles } from './output.js'
import { encodeSafetensorsFile, openSafetensors } from './safetensors.js'
import { encodeSavedModelFolder, openExportedSavedModel } from './tensorflow/saved-model.js'
import { encodeGraphModel } from './tfjs/graph-model.js'
import { openGraphModel } from './tfjs/open-graph-model.js'

/** How a format is written, and how it is opened by what runs it. */
interface Format {
  encode(model: Model, input: ModelInput): ExportedFiles | Promise<ExportedFiles>
  open(path: string, model: Model, input: ModelInput): Promise<ExportedModel>
}

/** What each format is written and opened by. */
export const formats = {
  onnx: {
    encode: (model, input) => encodeOnnx(onnxGraph(model, input), model, input),
    open: openOnnx,
  },
  savedmodel: { encode: encodeSavedModelFolder, open: openExportedSavedModel },
  safetensors: { encode: encodeSafetensorsFile, open: openSafetensors },
  tfjs: { encode: encodeGraphModel, open: openGraphModel },
} satisfies Record<string, Format>

export type ExportFormat = keyof typeof formats

export const exportFormats = Object.keys(formats) as readonly ExportFormat[]
