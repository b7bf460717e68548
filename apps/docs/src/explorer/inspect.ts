import { createRegistry, resolvePreprocessing, traceVariant } from '@convkit/core'
import { type Layer, layers, sizeOf } from '@convkit/graph'
import zoo from '@convkit/zoo'
import { stageOf } from './stages.js'

/** A row of the table: all that one scope of the network computes. */
export interface LayerRow extends Omit<Layer, 'parameters' | 'receptiveField'> {
  readonly parameters: number
  /** Side in pixels of what one position sees; undefined where it sees no image. */
  readonly receptiveField: number | undefined
}

/** What the layers of one stage have together. */
export interface StageSum {
  readonly name: string
  readonly parameters: number
  readonly macs: number
}

export interface Inspection {
  readonly input: readonly number[]
  readonly parameters: number
  readonly macs: number
  readonly activationBytes: number
  readonly rows: readonly LayerRow[]
  readonly stages: readonly StageSum[]
}

export interface InspectOptions {
  /** Side of the input in pixels; the network's own by default. */
  readonly size?: number | undefined
  /** The network's own by default. */
  readonly classes?: number | undefined
}

const registry = createRegistry(zoo)

/** Names of all networks by family. */
export const families: ReadonlyMap<string, readonly string[]> = new Map(
  (zoo.architectures ?? []).map(({ name, variants }) => [name, Object.keys(variants)]),
)

/** Traces a network for one image and counts it. @throws E_OPTION, E_SHAPE for a size that does not fit. */
export function inspect(name: string, { size, classes }: InspectOptions = {}): Inspection {
  const variant = registry.model(name)
  const { inputSize } = resolvePreprocessing(variant)
  const preprocessing = { inputSize: size === undefined ? inputSize : ([size, size] as const) }
  const trace = traceVariant(variant, { registry, classes, preprocessing, batchSize: 1, mode: 'infer' })
  const parametersOf = (names: readonly string[]) =>
    total(names, (key) => {
      const entry = trace.state.get(key)
      return entry?.kind === 'parameter' ? sizeOf(entry.tensor.shape) : 0
    })
  const rows = layers([trace.logits]).map(
    ({ parameters, receptiveField, ...layer }): LayerRow => ({
      ...layer,
      parameters: parametersOf(parameters),
      receptiveField: receptiveField?.size[0],
    }),
  )
  return {
    input: trace.image.shape,
    parameters: total(rows, (row) => row.parameters),
    macs: total(rows, ({ macs }) => macs),
    activationBytes: total(rows, ({ activationBytes }) => activationBytes),
    rows,
    stages: stagesOf(rows),
  }
}

function stagesOf(rows: readonly LayerRow[]): StageSum[] {
  const scopes = rows.map(({ scope }) => scope)
  const sums = new Map<string, StageSum>()
  for (const { scope, parameters, macs } of rows) {
    const name = stageOf(scope, scopes)
    const sum = sums.get(name) ?? { name, parameters: 0, macs: 0 }
    sums.set(name, { name, parameters: sum.parameters + parameters, macs: sum.macs + macs })
  }
  return [...sums.values()].filter((sum) => sum.parameters > 0 || sum.macs > 0)
}

const total = <T>(items: readonly T[], count: (item: T) => number) =>
  items.reduce((sum, item) => sum + count(item), 0)
