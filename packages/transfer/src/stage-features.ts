import type { Dataset, Model } from '@convkit/core'
import { globalAveragePool, type SymbolicTensor } from '@convkit/graph'
import { type FeatureCacheOptions, runFeatures } from './feature-cache.js'
import type { LabelledFeatures } from './linear-probe.js'

/** The name of what a network's own classifier sees, beside the names of its stages. */
export const lastFeatures = 'last'

/** Pooled features of each stage by its name, and of {@link lastFeatures}; rows are images in the dataset's order. */
export type StageFeatures = ReadonlyMap<string, LabelledFeatures>

/**
 * Runs a network once over a dataset and keeps the pooled output of every stage: what linear probes are made from. Images that
 * cannot be read are left out.
 */
export async function stageFeatures(
  model: Model,
  dataset: Dataset,
  { batchSize = 32, signal, onProgress }: Omit<FeatureCacheOptions, 'memoryBytes'> = {},
): Promise<StageFeatures> {
  const trace = model.trace({ batchSize, mode: 'infer', classes: 0 })
  const outputs: Record<string, SymbolicTensor> = Object.fromEntries(
    [...trace.features].map(([name, map]) => [name, map.shape.length === 4 ? globalAveragePool(map) : map]),
  )
  outputs[lastFeatures] = trace.logits
  const widths = Object.entries(outputs).map(([name, { shape }]) => [name, shape.at(-1) ?? 0] as const)
  const rows = new Map(widths.map(([name, width]) => [name, new Float32Array(dataset.length * width)]))
  const labels: number[] = []
  await runFeatures(
    model,
    trace,
    outputs,
    (run) =>
      run(dataset, (results, { count, labels: own }) => {
        for (const [name, width] of widths) {
          rows
            .get(name)
            ?.set((results[name] ?? new Float32Array()).subarray(0, count * width), labels.length * width)
        }
        labels.push(...own.subarray(0, count))
        onProgress?.({ done: labels.length, total: dataset.length })
      }),
    signal,
  )
  return new Map(
    widths.map(([name, width]) => [
      name,
      { width, labels, data: (rows.get(name) ?? new Float32Array()).subarray(0, labels.length * width) },
    ]),
  )
}

/** Features of several stages side by side. */
export function sideBySide(features: StageFeatures, stages: readonly string[]): LabelledFeatures {
  const parts = stages.map((stage) => features.get(stage) as LabelledFeatures)
  const labels = parts[0]?.labels ?? []
  const width = parts.reduce((total, part) => total + part.width, 0)
  const data = new Float32Array(labels.length * width)
  let from = 0
  for (const part of parts) {
    for (let row = 0; row < labels.length; row++) {
      data.set(part.data.subarray(row * part.width, (row + 1) * part.width), row * width + from)
    }
    from += part.width
  }
  return { data, width, labels }
}

/** Some rows of features. */
export function rowsOf({ data, width, labels }: LabelledFeatures, rows: ArrayLike<number>): LabelledFeatures {
  const chosen = new Float32Array(rows.length * width)
  const chosenLabels = Array.from(rows, (row, at) => {
    chosen.set(data.subarray(row * width, (row + 1) * width), at * width)
    return labels[row] as number
  })
  return { data: chosen, width, labels: chosenLabels }
}
