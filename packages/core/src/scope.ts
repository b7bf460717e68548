import {
  ConvkitError,
  formatShape,
  input,
  type Pair,
  type Shape,
  type SymbolicTensor,
  sameShape,
  state,
} from '@convkit/graph'
import type { BlockFunction } from './architecture.js'
import type { Initializer } from './initializers.js'

/** Whether batch statistics and masks are live (`train`), or the network is what it predicts with (`infer`). */
export type Mode = 'train' | 'infer'

/** A learned tensor (`parameter`) or a running one (`statistic`), as a trace found it. */
export interface StateEntry {
  readonly kind: 'parameter' | 'statistic'
  readonly tensor: SymbolicTensor
  readonly initializer: Initializer
}

/** Logits of an extra head whose loss joins in training with this weight (Szegedy et al. 2014). */
export interface AuxiliaryHead {
  readonly logits: SymbolicTensor
  readonly weight: number
}

/** What tracing collects besides the logits. */
export interface Recording {
  readonly mode: Mode
  readonly classes: number
  readonly state: Map<string, StateEntry>
  readonly updates: Map<string, SymbolicTensor>
  readonly masks: Map<string, SymbolicTensor>
  readonly features: Map<string, SymbolicTensor>
  /** Told of each feature when it has been recorded. */
  readonly onFeature?: (name: string) => void
  readonly auxiliary: AuxiliaryHead[]
  readonly isFrozen: (path: string) => boolean
  readonly block: (name: string) => BlockFunction
  /** Sizes that {@link Scope.window} was asked for, in order. */
  readonly windows: Pair[]
  /** The same of the trace at the network's own input size, when this one is fully convolutional. */
  readonly ownWindows: readonly Pair[] | undefined
}

/** Where a layer is in the network: it names parameters, and knows the mode. */
export interface Scope {
  /** Dotted path from the root: `layer1.0.conv1`. */
  readonly path: string
  readonly mode: Mode
  /** Outputs of the classifier; 0 asks for pooled features without a classifier. */
  readonly classes: number
  /** Whether this part is frozen: its batch-norms run on their running statistics, its parameters get no gradient. */
  readonly frozen: boolean
  /**
   * Whether the head slides over maps that may be larger than at the network's own input size, so that logits are
   * `[n, h, w, classes]` (Sermanet et al. 2014, section 3.5; Simonyan and Zisserman 2015, section 3.2).
   */
  readonly fullyConvolutional: boolean
  /** The scope one level down; names are joined with dots. */
  scope(name: string | number): Scope
  /** A learned tensor named `path.name`. @throws E_DUPLICATE_PARAMETER when the name is taken. */
  parameter(name: string, shape: Shape, initializer: Initializer): SymbolicTensor
  /** A tensor that is not learned but {@link update}d, such as `running_mean`. */
  statistic(name: string, shape: Shape, initializer: Initializer): SymbolicTensor
  /** Sets what a statistic becomes after a training step. */
  update(statistic: SymbolicTensor, value: SymbolicTensor): void
  /**
   * An input that the host fills before each step with 0 (with probability `rate`) or `1 / (1 − rate)`: multiply
   * by it for dropout. `[n, 1, 1, 1]` gives stochastic depth.
   */
  mask(name: string, shape: Shape, rate: number): SymbolicTensor
  /** Records a stage's output under a name (`layer1`) and returns it. */
  feature(name: string, x: SymbolicTensor): SymbolicTensor
  /** Adds an auxiliary classifier's logits, used in training only. */
  auxiliary(logits: SymbolicTensor, weight: number): void
  /** Height and width that this map `[n, h, w, c]` has at the network's own input size: what its head covers. 1×1 of `[n, c]`. */
  window(x: SymbolicTensor): Pair
  /** A registered block. @throws E_UNKNOWN_BLOCK with the nearest names. */
  block(name: string): BlockFunction
}

/** The scope at a path that writes into a recording. */
export function scopeAt(recording: Recording, path = ''): Scope {
  const join = (name: string | number) => (path ? `${path}.${name}` : String(name))

  const add = (kind: StateEntry['kind'], name: string, shape: Shape, initializer: Initializer) => {
    const full = join(name)
    const existing = recording.state.get(full)
    if (existing) {
      throw new ConvkitError(
        'E_DUPLICATE_PARAMETER',
        `${full} is defined twice (${formatShape(existing.tensor.shape)} and ${formatShape(shape)}); give the second layer a scope of its own`,
      )
    }
    const tensor = state(full, shape)
    recording.state.set(full, { kind, tensor, initializer })
    return tensor
  }

  return {
    path,
    mode: recording.mode,
    classes: recording.classes,
    frozen: recording.isFrozen(path),
    fullyConvolutional: recording.ownWindows !== undefined,
    scope: (name) => scopeAt(recording, join(name)),
    parameter: (name, shape, initializer) => add('parameter', name, shape, initializer),
    statistic: (name, shape, initializer) => add('statistic', name, shape, initializer),
    update(statistic, value) {
      const name = statistic.node.op === 'state' ? statistic.node.attributes.name : ''
      if (recording.state.get(name)?.kind !== 'statistic' || !sameShape(statistic.shape, value.shape)) {
        throw new ConvkitError(
          'E_STATE',
          `update at ${path || 'the root'}: needs a statistic of this network and a value of its shape, got ${name || statistic.node.op} ${formatShape(statistic.shape)} and ${formatShape(value.shape)}`,
        )
      }
      recording.updates.set(name, value)
    },
    mask(name, shape, rate) {
      const full = join(name)
      if (!(rate >= 0 && rate < 1)) {
        throw new ConvkitError('E_OPTION', `mask ${full}: the rate must be in [0, 1), but is ${rate}`)
      }
      const mask = input(full, shape, 'float32', { distribution: 'bernoulli', keep: 1 - rate })
      recording.masks.set(full, mask)
      return mask
    },
    feature(name, x) {
      recording.features.set(name, x)
      recording.onFeature?.(name)
      return x
    },
    auxiliary: (logits, weight) => void recording.auxiliary.push({ logits, weight }),
    window({ shape }) {
      const [, height = 1, width = 1] = shape.length === 4 ? shape : []
      recording.windows.push([height, width])
      return recording.ownWindows?.[recording.windows.length - 1] ?? [height, width]
    },
    block: recording.block,
  }
}
