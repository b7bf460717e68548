import { sameShape } from '@convkit/graph'
import type { AnyArchitecture } from './plugin.js'
import { type FloatTensor, floatTensor, type TensorMap } from './tensors.js'
import { initialWeights, type Trace } from './trace.js'
import { checkWeights } from './weights.js'

export interface AdaptWeightsOptions {
  /** Name of the model, for messages. */
  readonly model: string
  readonly architecture: Pick<AnyArchitecture, 'classifier' | 'firstConvolution'>
  /** The model's own state. */
  readonly trace: Pick<Trace, 'state'>
  /** The architecture's state in training: what it alone has, an auxiliary head or later stages, is left out of the given weights. */
  readonly trainingTrace?: () => Pick<Trace, 'state'>
  /** Draws a new classifier. */
  readonly seed: number
  readonly given: ReadonlyMap<string, FloatTensor>
  /** Whether the model has a head in place of the architecture's own, which given weights need not fit; false by default. */
  readonly replacesHead?: boolean
  /** Whether the given classifier is for other classes, even if there are as many; false by default. */
  readonly otherClasses?: boolean
}

export interface AdaptedWeights {
  /** Those of the model, in its order. */
  readonly weights: TensorMap
  /** Whether the classifier starts afresh. */
  readonly newHead: boolean
  /** In words, what differs from the given weights; nothing where they fit. */
  readonly notes: readonly string[]
}

/**
 * Fits weights to a model of other classes or other input channels, as timm does: a classifier that is missing, or was
 * made for other classes, keeps the model's first values, and the first convolution's input channels are summed or
 * repeated.
 *
 * @throws E_WEIGHTS naming every other difference.
 */
export function adaptWeights(options: AdaptWeightsOptions): AdaptedWeights {
  const { model, architecture, trace, seed, given } = options
  const own = shapesOf(trace)
  const fitting = new Map(given)
  const notes: string[] = []
  if ([...given.keys()].some((name) => !own.has(name))) {
    for (const name of options.trainingTrace?.().state.keys() ?? []) if (!own.has(name)) fitting.delete(name)
  }

  const head = [...own].filter(([name]) => isIn(architecture.classifier, name))
  const newHead = head.length > 0 && needsNewHead(head, options)
  if (newHead) {
    for (const name of given.keys()) if (isIn(architecture.classifier, name)) fitting.delete(name)
    const state = new Map([...trace.state].filter(([name]) => isIn(architecture.classifier, name)))
    for (const [name, tensor] of initialWeights({ state }, seed)) fitting.set(name, tensor)
    const before = given.get(head[0]?.[0] ?? '')?.shape[0]
    const whose =
      before === undefined ? 'the weights have none' : `the weights' is for ${before} other classes`
    notes.push(`the classifier ${architecture.classifier} starts afresh: ${whose}`)
  }

  const first = `${architecture.firstConvolution}.weight`
  const kernel = given.get(first)
  const adapted = kernel && adaptInputChannels(kernel, own.get(first)?.shape[1] ?? 0)
  if (adapted && adapted !== kernel) {
    fitting.set(first, adapted)
    notes.push(`${first} has ${adapted.shape[1]} input channels, made of the weights' ${kernel.shape[1]}`)
  }
  return { weights: checkWeights(model, own, fitting), newHead, notes }
}

/** How many classes weights are for; undefined where they have no classifier. */
export function classesOf(classifier: string, given: ReadonlyMap<string, FloatTensor>): number | undefined {
  return given.get(`${classifier}.weight`)?.shape[0]
}

const isIn = (path: string, name: string) => name.startsWith(`${path}.`)

/** Shapes of a network's parameters and statistics. */
export function shapesOf({ state }: Pick<Trace, 'state'>): Map<string, Pick<FloatTensor, 'shape'>> {
  return new Map([...state].map(([name, { tensor }]) => [name, { shape: tensor.shape }]))
}

/** Whether no tensor of the classifier is there, or all differ in their first axis, the classes, alone. */
function needsNewHead(
  head: readonly (readonly [string, Pick<FloatTensor, 'shape'>])[],
  { given, otherClasses = false, replacesHead = false }: AdaptWeightsOptions,
): boolean {
  const fits = ([name, { shape }]: (typeof head)[number]) => sameShape(given.get(name)?.shape ?? [], shape)
  if (replacesHead && !head.every(fits)) return true
  if (otherClasses || head.every(([name]) => !given.has(name))) return true
  return head.every(([name, { shape }]) => {
    const other = given.get(name)?.shape ?? []
    return other[0] !== shape[0] && sameShape(other.slice(1), shape.slice(1))
  })
}

/**
 * A convolution `[out, in, h, w]` for other input channels, as timm's `adapt_input_conv`: summed for one channel, else
 * repeated and scaled, so that a grey image gives what it gave as RGB. Itself where nothing changes.
 */
export function adaptInputChannels(kernel: FloatTensor, channels: number): FloatTensor {
  const [outputs = 0, inputs = 0, h = 0, w = 0] = kernel.shape
  if (kernel.shape.length !== 4 || inputs === channels || ![1, 3].includes(inputs) || channels === 0)
    return kernel
  const size = h * w
  const data = new Float32Array(outputs * channels * size)
  const scale = channels === 1 ? 1 : inputs / channels
  const sources = Math.max(inputs, channels)
  for (let o = 0; o < outputs; o++) {
    for (let c = 0; c < sources; c++) {
      const [to, from] = [(o * channels + (c % channels)) * size, (o * inputs + (c % inputs)) * size]
      for (let at = 0; at < size; at++) data[to + at]! += scale * (kernel.data[from + at] ?? 0)
    }
  }
  return floatTensor([outputs, channels, h, w], data)
}
