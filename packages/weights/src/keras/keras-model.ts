import { ConvkitError, type Preprocessing, type TensorMap } from '@convkit/core'

/** A network as Keras or TensorFlow.js saved it. */
export interface KerasModel {
  /** File or folder, for messages. */
  readonly source: string
  /** By layer and variable, `conv1/kernel`, in Keras's layouts: convolutions are `[h, w, in, out]`, dense layers `[in, out]`. */
  readonly tensors: TensorMap
  /** The layers that the file describes, those of nested networks in their place; none in a file of weights alone. */
  readonly layers: readonly KerasLayer[]
  /** Names of the classes, which Teachable Machine writes beside its exports. */
  readonly labels?: readonly string[]
  /** How images are prepared, where more than the network says so. */
  readonly preprocessing?: Partial<Preprocessing>
}

/** A layer of a Keras network, as its config has it. */
export interface KerasLayer {
  readonly name: string
  /** Keras's class: `Conv2D`. */
  readonly className: string
  readonly config: Readonly<Record<string, unknown>>
}

/** How deep networks may be nested: a topology that is deeper is not one. */
const deepest = 64

/** The layers of a Keras config, such as `model.get_config()` or tfjs's `modelTopology`. @throws E_WEIGHTS. */
export function layersOf(topology: unknown, source: string): KerasLayer[] {
  const layers: KerasLayer[] = []
  const visit = (value: unknown, depth: number): void => {
    if (depth > deepest) {
      throw new ConvkitError('E_WEIGHTS', `${source} nests networks more than ${deepest} deep; it is damaged`)
    }
    if (!isRecord(value)) return
    const { class_name: className, config } = value
    const inner = innerLayers(config)
    if (inner) for (const layer of inner) visit(layer, depth + 1)
    else if (typeof className === 'string' && isRecord(config)) {
      layers.push({ name: String(config.name ?? value.name ?? ''), className, config })
    }
  }
  visit(isRecord(topology) && isRecord(topology.model_config) ? topology.model_config : topology, 0)
  return layers
}

/** The layers of a network's config: a list, or in the first Sequential the config itself. */
export function innerLayers(config: unknown): readonly unknown[] | undefined {
  if (Array.isArray(config)) return config
  return isRecord(config) && Array.isArray(config.layers) ? config.layers : undefined
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
