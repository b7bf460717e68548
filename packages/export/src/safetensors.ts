import { readFile } from 'node:fs/promises'
import { decodeSafetensors, encodeSafetensors, inputPredictor, type Model } from '@convkit/core'
import type { ExportedModel } from './check/exported-model.js'
import { metadataOf } from './metadata.js'

/** The bytes of a safetensors file with PyTorch's names and layouts, and in its header what the model is. */
export function encodeSafetensorsFile(model: Model): Uint8Array {
  const { input: _, ...metadata } = metadataOf(model, 'normalized')
  return encodeSafetensors(new Map(model.weights), metadata)
}

/** The model with the weights of a safetensors file in place of its own. */
export async function openSafetensors(path: string, model: Model): Promise<ExportedModel> {
  const weights = decodeSafetensors(await readFile(path), path)
  const predictor = inputPredictor({ ...model, weights })
  return {
    runtime: model.engine.description,
    takesAnySize: false,
    run: async (images) => (await predictor.infer(images)).logits,
    dispose: predictor.dispose,
  }
}
