import type { KerasLayer, KerasModel } from './keras-model.js'

/** A dense layer before the classifier, as the zoo's config has it. */
interface HiddenLayer {
  /** Keras's. */
  readonly name: string
  readonly units: number
  readonly activation: string
}

/** What follows the backbone of a network that was built on one of keras.applications. */
export interface KerasHead {
  readonly hidden: readonly HiddenLayer[]
  /** Keras's layer that is the classifier. */
  readonly classifier: string
}

/** Keras's activations that the zoo has too. */
const activations: Readonly<Record<string, string>> = {
  linear: 'none',
  relu: 'relu',
  relu6: 'relu6',
  gelu: 'gelu',
  silu: 'silu',
  swish: 'silu',
  tanh: 'tanh',
  sigmoid: 'sigmoid',
}

/** What may stand between backbone and classifier: it is the zoo's pool, or does nothing when the network predicts. */
const passive = /^(InputLayer|(Spatial)?Dropout(2D)?|(Global)?AveragePooling2D|Flatten|Reshape)$/
const active = /^(Activation|ReLU|Softmax)$/

/**
 * The head that the dense layers called `names` are, in the order of the network's config; a text says why the zoo has no
 * such head. A file of weights alone has no config: a single layer is the classifier then. `predictions` is what Keras calls
 * the network's own classifier.
 */
export function headOf(
  { layers, tensors }: KerasModel,
  names: readonly string[],
  predictions = '',
): KerasHead | string {
  const [single = ''] = names
  if (tensors.has(`${predictions}/kernel`)) return `the network has its own classifier, ${predictions}`
  if (layers.length === 0) {
    return names.length === 1
      ? { hidden: [], classifier: single }
      : `the file does not say in which order ${names.join(', ')} follow one another`
  }
  const head: { readonly name: string; activation: string }[] = []
  for (const layer of headLayers(layers, names)) {
    const { name, className } = layer
    const before = head.at(-1)
    if (names.includes(name)) head.push({ name, activation: activationOf(layer) })
    else if (active.test(className) && before?.activation === 'linear')
      before.activation = activationOf(layer)
    else if (!passive.test(className)) return `the zoo has no ${className} (${name}) in its heads`
  }
  const hidden: HiddenLayer[] = []
  for (const { name, activation: keras } of head.slice(0, -1)) {
    const activation = activations[keras]
    if (!activation) return `the zoo has no activation '${keras}' (${name})`
    hidden.push({ name, units: tensors.get(`${name}/kernel`)?.shape[1] ?? 0, activation })
  }
  return { hidden, classifier: head.at(-1)?.name ?? single }
}

/** The layers from the first of `names` on, and before it the pool that it sees, with what is between them. */
function headLayers(layers: readonly KerasLayer[], names: readonly string[]): readonly KerasLayer[] {
  const first = layers.findIndex(({ name }) => names.includes(name))
  if (first < 0) return []
  const before = layers.slice(0, first)
  const seen = before.findLastIndex(({ className }) => /Pooling|Conv|Norm|Dense/.test(className))
  return layers.slice(before[seen]?.className.includes('Pooling') ? seen : first)
}

function activationOf({ className, config }: KerasLayer): string {
  if (className === 'Softmax') return 'softmax'
  if (className === 'ReLU') {
    const { max_value: most, negative_slope: slope, threshold } = config
    if (slope || threshold) return 'ReLU of other slopes'
    return most === undefined || most === null ? 'relu' : `relu${most}`
  }
  return typeof config.activation === 'string' ? config.activation : 'linear'
}
