import { type Dataset, type Model, type Trace, unknownStage } from '@convkit/core'
import { globalAveragePool, type SymbolicTensor } from '@convkit/graph'
import { type FeatureCacheOptions, type RunBatches, runFeatures, type View } from './feature-cache.js'
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
  /** Of the images' mirror images, row by row, where they were asked for. */
  readonly mirrored?: StageFeatures
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
  { batchSize = 32, mirror = false, signal, onProgress, stages }: StageFeaturesOptions = {},
): Promise<StageFeatures> {
  const trace = model.trace({ batchSize, mode: 'infer', classes: 0 })
  const outputs = pooledOutputs(model.name, trace, stages)
  const total = dataset.length * (mirror ? 2 : 1)
  let done = 0
  const onBatch = (count: number) => {
    done += count
    onProgress?.({ done, total })
  }
  return runFeatures(
    model,
    trace,
    outputs,
    async (run) => {
      const features = (view: View) =>
        pooledRows(dataset, outputs, (each) => run(dataset, each, view), onBatch)
      const plain = await features({})
      return mirror ? { ...plain, mirrored: await features({ mirror }) } : plain
    },
    signal,
  )
}

/** Rows of each output of a dataset's images. */
async function pooledRows(
  dataset: Dataset,
  outputs: Readonly<Record<string, SymbolicTensor>>,
  run: (onBatch: Parameters<RunBatches>[1]) => Promise<void>,
  onBatch: (count: number) => void,
): Promise<StageFeatures> {
  const tables = Object.entries(outputs).map(([name, { shape }]) => {
    const width = shape.at(-1) ?? 0
    return { name, width, data: new Float32Array(dataset.length * width) }
  })
  const labels: number[] = []
  const indices: number[] = []
  await run((results, batch) => {
    for (const { name, width, data } of tables) {
      const rows = (results[name] ?? new Float32Array()).subarray(0, batch.count * width)
      data.set(rows, labels.length * width)
    }
    labels.push(...batch.labels.subarray(0, batch.count))
    indices.push(...batch.indices.subarray(0, batch.count))
    onBatch(batch.count)
  })
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

/** The rows of one table, then those of the other. */
export function stacked(first: LabelledFeatures, other: LabelledFeatures | undefined): LabelledFeatures {
  if (!other) return first
  const data = new Float32Array(first.data.length + other.data.length)
  data.set(first.data)
  data.set(other.data, first.data.length)
  return { ...first, data, labels: [...Array.from(first.labels), ...Array.from(other.labels)] }
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
