import {
  ConvkitError,
  type FloatTensor,
  floatTensor,
  type PretrainedWeights,
  type Shape,
  type TensorMap,
  type TraceVariantOptions,
  traceVariant,
  type Variant,
} from '@convkit/core'
import { families, familyOf, type KerasFamily } from './families.js'
import { headOf } from './head.js'
import { inputSizeOf } from './input-size.js'
import type { KerasModel } from './keras-model.js'
import { orderKernel, reverseInputs } from './kernel.js'
import { matchLayers } from './match-layers.js'

type Context = Pick<TraceVariantOptions, 'config' | 'registry'>

/**
 * The weights of one of keras.applications' networks, or of a network built on one, for the same network of the zoo, with
 * the config and preprocessing that it was trained with. The last dense layer is the classifier, whatever it is called,
 * and those before it are hidden layers. A head that the zoo cannot have is left out, which a note says: the model then
 * starts with one of its own.
 *
 * @throws E_WEIGHTS when Keras has no such network.
 */
export function fromKeras(model: KerasModel, variant: Variant, options: Context = {}): PretrainedWeights {
  const family = familyOf(variant.name) ?? fail(model, variant)
  const { classifier } = variant.architecture
  const own = { ...family.config, ...family.configOf?.(model) }
  const shapesWith = (config: object) =>
    shapesOf(variant, { ...options, config: { ...config, ...options.config } })

  const layers = [...new Set([...model.tensors.keys()].map(layerOf))]
  const matches = matchLayers(family.layers, [...new Set([...shapesWith(own).keys()].map(pathOf))], layers)
  if (layers.every((layer) => ![...matches.values()].includes(layer)))
    throw anotherNetwork(model, variant, layers)

  const others = layers.filter((layer) => ![...matches.values()].includes(layer))
  const isDense = (layer: string) => model.tensors.get(`${layer}/kernel`)?.shape.length === 2
  const dense = others.every(isDense) ? others : []
  const head = dense.length > 0 ? headOf(model, dense, matches.get(classifier)) : undefined
  const { hidden = [], reason } = typeof head === 'string' ? { reason: head } : { hidden: head?.hidden }
  const config = {
    ...own,
    ...(hidden.length > 0 && { hidden: hidden.map(({ name: _, ...layer }) => layer) }),
  }
  if (typeof head === 'object') matches.set(classifier, head.classifier)
  for (const [i, { name }] of hidden.entries()) matches.set(classifier.replace(/\w+$/, `hidden.${i}`), name)

  const inputSize = inputSizeOf(model.layers)
  return {
    source: model.source,
    tensors: convert(model, family, variant, matches, dense, shapesWith(config)),
    preprocessing: { ...family.preprocessing, ...(inputSize && { inputSize }), ...model.preprocessing },
    ...(Object.keys(config).length > 0 && { config }),
    ...(model.labels && { classes: model.labels }),
    ...(reason && { notes: [`the head (${dense.join(', ')}) is left out: ${reason}`] }),
  }
}

function fail({ source }: KerasModel, { name }: Variant): never {
  const known = families.flatMap(({ models }) =>
    Object.entries(models).map(([keras, own]) => `${own} (${keras})`),
  )
  throw new ConvkitError(
    'E_WEIGHTS',
    `${source} has Keras's layers, of which these can be made: ${known.join(', ')}; got ${name}`,
  )
}

function anotherNetwork({ source }: KerasModel, { name }: Variant, layers: readonly string[]): ConvkitError {
  const some = layers.slice(0, 3).join(', ')
  return new ConvkitError(
    'E_WEIGHTS',
    `${source} has none of the layers that ${name} has in Keras, but ${some}, …; check the model's name`,
  )
}

function shapesOf(variant: Variant, options: Context): ReadonlyMap<string, Shape> {
  const { state } = traceVariant(variant, { ...options, batchSize: 1, mode: 'infer' })
  return new Map([...state].map(([name, { tensor }]) => [name, tensor.shape]))
}

/** Tensors by the zoo's names; `matches` has Keras's layer of each path, `dense` those of the head. */
function convert(
  { tensors: given }: KerasModel,
  { bgr }: KerasFamily,
  { architecture: { firstConvolution } }: Variant,
  matches: ReadonlyMap<string, string>,
  dense: readonly string[],
  shapes: ReadonlyMap<string, Shape>,
): TensorMap {
  const tensors: TensorMap = new Map()
  for (const [key, shape] of shapes) {
    const layer = matches.get(pathOf(key)) ?? ''
    const tensor = variableOf(given, layer, key.slice(key.lastIndexOf('.') + 1), shape)
    if (!tensor) continue
    const isFirst = key === `${firstConvolution}.weight`
    tensors.set(key, isFirst && bgr ? reverseInputs(tensor) : tensor)
  }
  // What is no layer of this network keeps its name, so that it can be named.
  const used = new Set([...matches.values(), ...dense])
  for (const [key, tensor] of given) if (!used.has(layerOf(key))) tensors.set(key, tensor)
  return tensors
}

/**
 * A layer's `kind` of variable, as PyTorch calls it; a batch-norm without a scale or an offset has ones and zeros, a dense
 * layer without a bias zeros.
 */
function variableOf(given: TensorMap, layer: string, kind: string, shape: Shape): FloatTensor | undefined {
  const get = (name: string) => given.get(`${layer}/${name}`)
  if (kind === 'running_mean') return get('moving_mean')
  if (kind === 'running_var') return get('moving_variance')
  const mean = get('moving_mean')
  if (mean) {
    const [own, value] = kind === 'weight' ? [get('gamma'), 1] : [get('beta'), 0]
    return own ?? filled(mean.shape, value)
  }
  const kernel = get('kernel') ?? get('depthwise_kernel')
  if (kind === 'weight') return kernel && orderKernel(kernel, shape)
  const [, units] = kernel?.shape.length === 2 ? kernel.shape : []
  return get('bias') ?? (units === undefined ? undefined : filled([units], 0))
}

function filled(shape: Shape, value: number): FloatTensor {
  return floatTensor(shape, new Float32Array(shape[0] ?? 0).fill(value))
}

const pathOf = (name: string) => name.slice(0, name.lastIndexOf('.'))
const layerOf = (name: string) => name.slice(0, name.lastIndexOf('/'))
