import { cast, divide, input, type Pair, type SymbolicTensor, subtract, vector } from '@convkit/graph'
import type { BlockFunction } from './architecture.js'
import { buildHead } from './head.js'
import type { AnyArchitecture } from './plugin.js'
import type { Preprocessing } from './preprocessing.js'
import { random } from './random.js'
import { type AuxiliaryHead, type Mode, type Recording, type StateEntry, scopeAt } from './scope.js'
import { floatTensor, type TensorMap } from './tensors.js'
import { unknownStage } from './unknown-stage.js'

export interface TraceOptions {
  readonly architecture: AnyArchitecture
  readonly config: object
  readonly preprocessing: Preprocessing
  readonly classes: number
  readonly batchSize: number
  readonly mode: Mode
  /** Which paths are frozen; none by default. */
  readonly isFrozen?: (path: string) => boolean
  readonly block: (name: string) => BlockFunction
  /**
   * Take images of this height and width instead, and slide the head over their larger maps: logits are then
   * `[n, h, w, classes]`. For `infer`.
   */
  readonly slideOver?: readonly [height: number, width: number] | undefined
}

/** A network as a graph, for one batch size and mode. */
export interface Trace {
  readonly batchSize: number
  readonly mode: Mode
  /** The pixels: uint8 `[n, h, w, c]`. */
  readonly image: SymbolicTensor
  /** What the network computes on: float32 `[n, h, w, c]`, in units of the training set's standard deviation. */
  readonly normalized: SymbolicTensor
  /** float32 `[n, classes]`; `[n, h, w, classes]` where the head slides. */
  readonly logits: SymbolicTensor
  /** Stage outputs by name, in order. */
  readonly features: ReadonlyMap<string, SymbolicTensor>
  readonly auxiliary: readonly AuxiliaryHead[]
  /** Parameters and statistics by name, in the order in which they were made. */
  readonly state: ReadonlyMap<string, StateEntry>
  /** New values of statistics after a training step. */
  readonly updates: ReadonlyMap<string, SymbolicTensor>
  /** Inputs that the host's generator fills before each step. */
  readonly masks: ReadonlyMap<string, SymbolicTensor>
  readonly isFrozen: (path: string) => boolean
}

/** Builds a network's graph from pixels to logits. Costs milliseconds. */
export function trace(options: TraceOptions): Trace {
  const { slideOver, ...own } = options
  if (!slideOver) return record(own).trace
  const preprocessing = { ...own.preprocessing, inputSize: slideOver }
  return record({ ...own, preprocessing }, record(own).windows).trace
}

function record(options: TraceOptions, ownWindows?: readonly Pair[]) {
  const { architecture, config, preprocessing, classes, batchSize, mode } = options
  const recording: Recording = {
    mode,
    classes,
    state: new Map(),
    updates: new Map(),
    masks: new Map(),
    features: new Map(),
    auxiliary: [],
    isFrozen: options.isFrozen ?? (() => false),
    block: options.block,
    windows: [],
    ownWindows,
  }
  const { inputSize, channels } = preprocessing
  const image = input('image', [batchSize, ...inputSize, channels], 'uint8')
  const normalized = normalize(image, preprocessing)
  const logits = logitsOf(recording, architecture, normalized, config)
  const trace: Trace = { ...recording, batchSize, image, normalized, logits }
  return { trace, windows: recording.windows }
}

/** `[n, classes]`, by the architecture's own head or the one in its place. */
function logitsOf(
  recording: Recording,
  architecture: AnyArchitecture,
  image: SymbolicTensor,
  config: object,
): SymbolicTensor {
  const { head, classifier } = architecture
  if (!head) return architecture.build(scopeAt(recording), image, config)
  const { stages } = head
  const sizes = new Map<string, readonly number[]>()
  const withoutHead: Recording = {
    ...recording,
    classes: 0,
    onFeature: (name) => sizes.set(name, madeSoFar(recording)),
  }
  const pooled = architecture.build(scopeAt(withoutHead), image, config)
  if (!stages) return buildHead(scopeAt(recording, classifier), [pooled], head)
  const names = [...recording.features.keys()]
  const maps = stages.map((stage) => {
    const map = recording.features.get(stage)
    if (map) return map
    throw unknownStage(architecture.name, stage, names)
  })
  const last = names.findLast((name) => stages.includes(name)) ?? ''
  forgetLater(recording, sizes.get(last) ?? [])
  return buildHead(scopeAt(recording, classifier), maps, head)
}

const mapsOf = ({ state, updates, masks, features }: Recording) => [state, updates, masks, features]

const madeSoFar = (recording: Recording) => mapsOf(recording).map(({ size }) => size)

/**
 * Leaves out what was made after a stage, which nothing depends on then. Windows stay: their order is that in which they are
 * asked for, by what is left out too.
 */
function forgetLater(recording: Recording, kept: readonly number[]): void {
  mapsOf(recording).forEach((map, at) => {
    for (const name of [...map.keys()].slice(kept[at])) map.delete(name)
  })
  recording.auxiliary.length = 0
}

/** uint8 `[n, h, w, c]` → float32, in units of the training set's standard deviation. */
function normalize(image: SymbolicTensor, { mean, std }: Preprocessing): SymbolicTensor {
  const centred = subtract(cast(image, 'float32'), vector(mean.map((value) => 255 * value)))
  return divide(centred, vector(std.map((value) => 255 * value)))
}

/** First values of a traced network's state, each drawn by the seed and the tensor's own name. */
export function initialWeights({ state }: Pick<Trace, 'state'>, seed: number): TensorMap {
  return new Map(
    [...state].map(
      ([
        name,
        {
          tensor: { shape },
          initializer,
        },
      ]) => [name, floatTensor(shape, initializer(shape, random(seed, 'parameter', name)))],
    ),
  )
}
