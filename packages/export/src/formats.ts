import type { Model } from '@convkit/core'
import type { ExportedModel } from './check/exported-model.js'
import type { NetworkInput } from './graph/inference-graph.js'
import type { ExportedFiles } from './output.js'
import { encodeSafetensorsFile, openSafetensors } from './safetensors.js'
import { encodeSavedModelFolder, openExportedSavedModel } from './tensorflow/saved-model.js'
import { encodeGraphModel } from './tfjs/graph-model.js'
import { openGraphModel } from './tfjs/open-graph-model.js'

/** How a format is written, and how it is opened by what runs it. */
interface Format {
  encode(model: Model, input: NetworkInput): ExportedFiles | Promise<ExportedFiles>
  open(path: string, model: Model, input: NetworkInput): Promise<ExportedModel>
}

/** What each format but ONNX is written and opened by. */
export const formats = {
  savedmodel: { encode: encodeSavedModelFolder, open: openExportedSavedModel },
  safetensors: { encode: encodeSafetensorsFile, open: openSafetensors },
  tfjs: { encode: encodeGraphModel, open: openGraphModel },
} satisfies Record<string, Format>

export type ExportFormat = 'onnx' | keyof typeof formats

export const exportFormats = [
  'onnx',
  'savedmodel',
  'safetensors',
  'tfjs',
] as const satisfies readonly ExportFormat[]
