import {
  createRegistry,
  defineArchitecture,
  imagenetPreprocessing,
  initialWeights,
  type Mode,
  type Scope,
  type Trace,
  trace,
} from '@convkit/core'
import { type SymbolicTensor, sizeOf } from '@convkit/graph'
import { evaluate } from '@convkit/graph/reference'
import { blocks } from '../plugin.js'

interface LayerOptions {
  readonly mode?: Mode
  readonly frozen?: boolean
  readonly classes?: number
  /** `[n, h, w]` of the 3-channel input. */
  readonly shape?: readonly [number, number, number]
}

/** A network that is one layer. Its input is the pixels themselves. */
export function traceLayer(
  build: (net: Scope, x: SymbolicTensor) => SymbolicTensor,
  { mode = 'infer', frozen = false, classes = 5, shape = [2, 8, 8] }: LayerOptions = {},
): Trace {
  const [batchSize, ...inputSize] = shape
  return trace({
    architecture: defineArchitecture({ name: 'layer', variants: { layer: {} }, classifier: '', build }),
    config: {},
    preprocessing: { ...imagenetPreprocessing, inputSize, mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] },
    classes,
    batchSize,
    mode,
    isFrozen: () => frozen,
    block: createRegistry(blocks).block,
  })
}

/** Values of some tensors of the trace, on pixels 0, 1, 2, … and initial weights; `state` replaces some of them. */
export function evaluateLayer(
  traced: Trace,
  tensors: readonly SymbolicTensor[],
  state: Readonly<Record<string, readonly number[]>> = {},
  masks: Readonly<Record<string, readonly number[]>> = {},
): number[][] {
  const image = Array.from({ length: sizeOf(traced.image.shape) }, (_, i) => (i * 37) % 256)
  const weights = [...initialWeights(traced, 0)].map(([name, { data }]) => [name, data] as const)
  return evaluate(tensors, {
    inputs: { image, ...masks },
    state: { ...Object.fromEntries(weights), ...state },
  }).map((values) => [...values])
}

/** Names and shapes of a trace's state. */
export function stateShapes({ state }: Trace): Record<string, readonly number[]> {
  return Object.fromEntries([...state].map(([name, { tensor }]) => [name, tensor.shape]))
}
