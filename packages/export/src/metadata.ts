import { type Model, modelRecord } from '@convkit/core'
import type { ModelInput } from './graph/inference-graph.js'

/**
 * What an exported model says of itself: `labels` (a JSON list), `input` (what it takes), `input_size`, `mean`, `std`,
 * `interpolation`, `crop_pct`, `crop_mode`, and `convkit`: the model's `config.json`.
 */
export function metadataOf(model: Model, input: ModelInput): Record<string, string> {
  const { inputSize, channels, mean, std, interpolation, cropPct, cropMode } = model.preprocessing
  return {
    architecture: model.name,
    labels: JSON.stringify(model.classes),
    input,
    input_size: JSON.stringify([channels, ...inputSize]),
    mean: JSON.stringify(mean),
    std: JSON.stringify(std),
    interpolation,
    crop_pct: String(cropPct),
    crop_mode: cropMode,
    ...(model.severalLabels && { several_labels: 'true' }),
    convkit: JSON.stringify(modelRecord(model)),
  }
}
