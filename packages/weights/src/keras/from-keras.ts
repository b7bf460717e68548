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
import type { KerasModel } from './keras-model.js'
import { orderKernel, reverseInputs } from './kernel.js'
import { matchLayers } from './match-layers.js'

/**
 * The weights of one of keras.applications' networks, or of a network built on one, for the same network of the zoo, with
 * the config and preprocessing that it was trained with. A head of one dense layer is the classifier, whatever it is
 * called; a larger one is left out, and the model then starts with a head of its own.
 *
 * @throws E_WEIGHTS when Keras has no such network.
 */
export function fromKeras(
  model: KerasModel,
  variant: Variant,
  options: Pick<TraceVariantOptions, 'config' | 'registry'> = {},
): PretrainedWeights {
  const family = familyOf(variant.name) ?? fail(model, variant)
  const config = { ...family.config, ...options.config }
  const { state } = traceVariant(variant, { ...options, config, batchSize: 1, mode: 'infer' })
  const shapes = new Map([...state].map(([name, { tensor }]) => [name, tensor.shape]))
  return {
    source: model.source,
    tensors: convert(model, family, variant, shapes),
    preprocessing: family.preprocessing,
    ...(family.config && { config: family.config }),
    ...(model.labels && { classes: model.labels }),
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

function convert(
  { source, tensors: given }: KerasModel,
  family: KerasFamily,
  { name, architecture: { firstConvolution, classifier } }: Variant,
  shapes: ReadonlyMap<string, Shape>,
): TensorMap {
  const paths = new Set([...shapes.keys()].map(pathOf))
  const layers = new Set([...given.keys()].map(layerOf))
  const matches = matchLayers(family.layers, [...paths], [...layers])
  const others = [...layers].filter((layer) => ![...matches.values()].includes(layer))
  const isDense = (layer: string) => given.get(`${layer}/kernel`)?.shape.length === 2
  const head = others.every(isDense) ? others : []
  if (!layers.has(matches.get(classifier) ?? '') && head.length === 1 && head[0])
    matches.set(classifier, head[0])

  if (![...matches.values()].some((layer) => layers.has(layer))) {
    throw new ConvkitError(
      'E_WEIGHTS',
      `${source} has none of the layers that ${name} has in Keras, but ${[...layers].slice(0, 3).join(', ')}, …; check the model's name`,
    )
  }

  const tensors: TensorMap = new Map()
  for (const [key, shape] of shapes) {
    const layer = matches.get(pathOf(key)) ?? ''
    const tensor = variableOf(given, layer, key.slice(key.lastIndexOf('.') + 1), shape)
    if (!tensor) continue
    const isFirst = key === `${firstConvolution}.weight`
    tensors.set(key, isFirst && family.bgr ? reverseInputs(tensor) : tensor)
  }
  // What is no layer of this network keeps its name, so that it can be named.
  const used = new Set([...matches.values(), ...head])
  for (const [key, tensor] of given) if (!used.has(layerOf(key))) tensors.set(key, tensor)
  return tensors
}

/** A layer's `kind` of variable, as PyTorch calls it; a batch-norm without a scale or an offset has ones and zeros. */
function variableOf(given: TensorMap, layer: string, kind: string, shape: Shape): FloatTensor | undefined {
  const get = (name: string) => given.get(`${layer}/${name}`)
  if (kind === 'running_mean') return get('moving_mean')
  if (kind === 'running_var') return get('moving_variance')
  const mean = get('moving_mean')
  if (mean) {
    const [own, value] = kind === 'weight' ? [get('gamma'), 1] : [get('beta'), 0]
    return own ?? floatTensor(mean.shape, new Float32Array(mean.data.length).fill(value))
  }
  if (kind !== 'weight') return get('bias')
  const kernel = get('kernel') ?? get('depthwise_kernel')
  return kernel && orderKernel(kernel, shape)
}

const pathOf = (name: string) => name.slice(0, name.lastIndexOf('.'))
const layerOf = (name: string) => name.slice(0, name.lastIndexOf('/'))
