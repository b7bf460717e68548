import { type Dataset, type Model, type Trace, unknownStage } from '@convkit/core'
import { globalAveragePool, type SymbolicTensor } from '@convkit/graph'
import { type FeatureCacheOptions, runFeatures } from './feature-cache.js'
import type { LabelledFeatures } from './linear-probe.js'

/** The name of what a network's own classifier sees, beside the names of its stages. */
export const lastFeatures = 'last'

/** Pooled features of images, those that could be read, in the dataset's order. */
export interface StageFeatures {
  /** By the names of stages, and {@link lastFeatures}. */
  readonly byName: ReadonlyMap<string, LabelledFeatures>
  readonly labels: readonly number[]
  /** Position of each row's image in the dataset. */
  readonly indices: readonly number[]
}

export interface StageFeaturesOptions extends Omit<FeatureCacheOptions, 'memoryBytes'> {
  /** Which stages; all, and {@link lastFeatures}, by default. */
  readonly stages?: readonly string[]
}

/**
 * Runs a network once over a dataset and keeps the pooled output of every stage: what linear probes are made from.
 *
 * @throws E_OPTION for a stage that the network has not.
 */
export async function stageFeatures(
  model: Model,
  dataset: Dataset,
  { batchSize = 32, signal, onProgress, stages }: StageFeaturesOptions = {},
): Promise<StageFeatures> {
  const trace = model.trace({ batchSize, mode: 'infer', classes: 0 })
  const outputs = pooledOutputs(model.name, trace, stages)
  const tables = Object.entries(outputs).map(([name, { shape }]) => {
    const width = shape.at(-1) ?? 0
    return { name, width, data: new Float32Array(dataset.length * width) }
  })
  const labels: number[] = []
  const indices: number[] = []
  await runFeatures(
    model,
    trace,
    outputs,
    (run) =>
      run(dataset, (results, batch) => {
        for (const { name, width, data } of tables) {
          const rows = (results[name] ?? new Float32Array()).subarray(0, batch.count * width)
          data.set(rows, labels.length * width)
        }
        labels.push(...batch.labels.subarray(0, batch.count))
        indices.push(...batch.indices.subarray(0, batch.count))
        onProgress?.({ done: labels.length, total: dataset.length })
      }),
    signal,
  )
  const byName = tables.map(({ name, width, data }) => {
    return [name, { width, labels, data: data.subarray(0, labels.length * width) }] as const
  })
  return { byName: new Map(byName), labels, indices }
}

function pooledOutputs(
  model: string,
  { features, logits }: Trace,
  stages: readonly string[] = [...features.keys(), lastFeatures],
): Record<string, SymbolicTensor> {
  const outputOf = (stage: string): SymbolicTensor => {
    if (stage === lastFeatures) return logits
    const map = features.get(stage)
    if (!map) throw unknownStage(model, stage, [...features.keys(), lastFeatures])
    return map.shape.length === 4 ? globalAveragePool(map) : map
  }
  return Object.fromEntries(stages.map((stage) => [stage, outputOf(stage)]))
}

/** Features of several stages side by side. */
export function sideBySide({ byName, labels }: StageFeatures, stages: readonly string[]): LabelledFeatures {
  const parts = stages.map((stage) => byName.get(stage) as LabelledFeatures)
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
