import {
  createRegistry,
  type Plugin,
  type Trace,
  type TraceVariantOptions,
  traceVariant,
} from '@convkit/core'
import { sizeOf } from '@convkit/graph'
import zoo from '../index.js'

interface TraceModelOptions extends Partial<Omit<TraceVariantOptions, 'registry'>> {
  readonly plugins?: readonly Plugin[]
}

/** A model of the zoo as a graph, for 1,000 classes; no weights are drawn. */
export function traceModel(name: string, { plugins = [], ...options }: TraceModelOptions = {}): Trace {
  const registry = createRegistry(zoo, ...plugins)
  return traceVariant(registry.model(name), {
    registry,
    classes: 1000,
    batchSize: 1,
    mode: 'infer',
    ...options,
  })
}

/** Number of learned values. */
export function parameterCount({ state }: Trace): number {
  const parameters = [...state.values()].filter(({ kind }) => kind === 'parameter')
  return parameters.reduce((total, { tensor }) => total + sizeOf(tensor.shape), 0)
}
