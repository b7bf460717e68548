import type { Model } from '@convkit/core'
import { encodeSavedModel, openSavedModel } from '@convkit/engine-tensorflow'
import type { ExportedModel } from '../check/exported-model.js'
import { inputValues } from '../check/input-values.js'
import { inputName, type NetworkInput, outputName } from '../graph/inference-graph.js'
import { metadataOf } from '../metadata.js'
import type { ExportedFiles } from '../output.js'
import { signatureName, tensorflowGraph } from './tensorflow-graph.js'

/** The files of a SavedModel. What TensorFlow has no place for is in `assets.extra`, which it leaves alone. */
export function encodeSavedModelFolder(model: Model, input: NetworkInput): ExportedFiles {
  const metadata = `${JSON.stringify(metadataOf(model, input), null, 2)}\n`
  return new Map([
    ['saved_model.pb', encodeSavedModel(tensorflowGraph(model, input))],
    ['assets.extra/metadata.json', new TextEncoder().encode(metadata)],
  ])
}

/** Opens a SavedModel that was exported, in TensorFlow. @throws E_ENGINE_UNAVAILABLE without its binding. */
export async function openExportedSavedModel(
  folder: string,
  { preprocessing }: Pick<Model, 'preprocessing'>,
  input: NetworkInput,
): Promise<ExportedModel> {
  const opened = await openSavedModel(folder, [signatureName])
  return {
    runtime: `tensorflow ${opened.version}`,
    takesAnySize: false,
    async run(images) {
      const image = inputValues(images, preprocessing, { input, channels: 'last' })
      const { [outputName]: logits } = await opened.run(signatureName, { [inputName]: image })
      return logits?.data as Float32Array
    },
    dispose: opened.dispose,
  }
}
