import { createRegistry, type FloatTensor, floatTensor, traceVariant } from '@convkit/core'
import zoo from '@convkit/zoo'
import { describe, expect, it } from 'vitest'
import { families } from './families.js'
import { fromKeras } from './from-keras.js'
import type { KerasModel } from './keras-model.js'
import { matchLayers } from './match-layers.js'

const registry = createRegistry(zoo)
const zeros = (...shape: number[]): FloatTensor =>
  floatTensor(shape, new Float32Array(shape.reduce((a, b) => a * b)))
const mobilenet = registry.model('mobilenetv2_050')

/** A file with a zoo network's shapes under Keras's names. */
function kerasModel(head: Record<string, FloatTensor>): KerasModel {
  const { state } = traceVariant(mobilenet, { registry, batchSize: 1, mode: 'infer' })
  const family = families.find(({ models }) => 'MobileNetV2' in models)
  const paths = new Set([...state.keys()].map((name) => name.slice(0, name.lastIndexOf('.'))))
  const layers = matchLayers(family?.layers ?? [], [...paths], [])
  const variables: Record<string, string> = {
    bias: 'beta',
    running_mean: 'moving_mean',
    running_var: 'moving_variance',
  }
  const tensors = [...state].flatMap(([name, { tensor }]): [string, FloatTensor][] => {
    const [path, kind] = [name.slice(0, name.lastIndexOf('.')), name.slice(name.lastIndexOf('.') + 1)]
    if (path === 'classifier') return []
    const [o = 0, i = 0, h = 0, w = 0] = tensor.shape
    const layer = layers.get(path)
    if (tensor.shape.length === 1) return [[`${layer}/${variables[kind] ?? 'gamma'}`, zeros(o)]]
    return [[`${layer}/kernel`, /conv_dw$/.test(path) ? zeros(h, w, o, 1) : zeros(h, w, i, o)]]
  })
  return { source: 'm.h5', layers: [], tensors: new Map([...tensors, ...Object.entries(head)]) }
}

const kerasConfig = { padding: 'same', norm: { epsilon: 1e-3, momentum: 0.001 } }

describe('fromKeras', () => {
  it('takes a single dense layer for the classifier, whatever its name', () => {
    const model = kerasModel({ 'dense_3/kernel': zeros(1280, 5), 'dense_3/bias': zeros(5) })
    const { tensors, config, preprocessing } = fromKeras(model, mobilenet, { registry })
    const { state } = traceVariant(mobilenet, { registry, classes: 5, batchSize: 1, mode: 'infer' })
    expect([...tensors].map(([name, { shape }]) => [name, shape])).toEqual(
      [...state].map(([name, { tensor }]) => [name, tensor.shape]),
    )
    expect(config).toEqual(kerasConfig)
    expect(preprocessing).toMatchObject({ mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] })
  })

  const layer = (name: string, className: string, config: object = {}) => ({
    ...{ name, className },
    config: { name, ...config },
  })
  const severalLayers = {
    'dense/kernel': zeros(1280, 100),
    'dense/bias': zeros(100),
    'dense_1/kernel': zeros(100, 2),
  }
  const severalNames = (tensors: ReadonlyMap<string, unknown>) =>
    [...tensors.keys()].filter((name) => /dense|hidden|classifier/.test(name))

  it('takes dense layers before the last for hidden ones, with their activations', () => {
    const layers = [
      layer('out_relu', 'ReLU'),
      layer('pool', 'GlobalAveragePooling2D'),
      layer('dense', 'Dense', { units: 100, activation: 'linear' }),
      layer('swish', 'Activation', { activation: 'swish' }),
      layer('dropout', 'Dropout'),
      layer('dense_1', 'Dense', { units: 2, activation: 'softmax', use_bias: false }),
    ]
    const { tensors, config, notes } = fromKeras({ ...kerasModel(severalLayers), layers }, mobilenet, {
      registry,
    })
    expect(config).toEqual({ ...kerasConfig, hidden: [{ units: 100, activation: 'silu' }] })
    expect(notes).toBeUndefined()
    const { state } = traceVariant(mobilenet, { registry, config, classes: 2, batchSize: 1, mode: 'infer' })
    expect([...tensors].map(([name, { shape }]) => [name, shape])).toEqual(
      [...state].map(([name, { tensor }]) => [name, tensor.shape]),
    )
  })

  it.each([
    [[], 'the file does not say in which order dense, dense_1 follow one another'],
    [
      [layer('max', 'GlobalMaxPooling2D'), layer('dense', 'Dense'), layer('dense_1', 'Dense')],
      'the zoo has no GlobalMaxPooling2D (max) in its heads',
    ],
    [
      [layer('dense', 'Dense', { activation: 'selu' }), layer('dense_1', 'Dense')],
      "the zoo has no activation 'selu' (dense)",
    ],
    [
      [layer('dense', 'Dense'), layer('soft', 'Softmax'), layer('dense_1', 'Dense')],
      "the zoo has no activation 'softmax' (dense)",
    ],
    [
      [layer('dense', 'Dense'), layer('cut', 'ReLU', { max_value: 4 }), layer('dense_1', 'Dense')],
      "the zoo has no activation 'relu4' (dense)",
    ],
    [
      [layer('dense', 'Dense', { activation: 'relu' }), layer('twice', 'ReLU'), layer('dense_1', 'Dense')],
      'the zoo has no ReLU (twice) in its heads',
    ],
  ])('leaves out a head that the zoo cannot have, and says why', (layers, reason) => {
    const { tensors, notes } = fromKeras({ ...kerasModel(severalLayers), layers }, mobilenet, { registry })
    expect(severalNames(tensors)).toEqual([])
    expect(notes).toEqual([`the head (dense, dense_1) is left out: ${reason}`])
  })

  it('takes the input size of the file, and for VGG the window of its first dense layer', () => {
    const layers = [layer('input', 'InputLayer', { batch_shape: [null, 96, 64, 3] })]
    const own = { ...kerasModel({ 'dense/kernel': zeros(1280, 5) }), layers }
    expect(fromKeras(own, mobilenet, { registry }).preprocessing?.inputSize).toEqual([96, 64])
    const vgg = { 'block1_conv1/kernel': zeros(3, 3, 3, 64), 'fc1/kernel': zeros(3 * 2 * 512, 2) }
    const model = { source: 'v.h5', layers, tensors: new Map(Object.entries(vgg)) }
    const { config, tensors } = fromKeras(model, registry.model('vgg16'), { registry })
    expect(config).toEqual({ window: [3, 2] })
    expect(tensors.get('pre_logits.fc1.weight')?.shape).toEqual([2, 512, 3, 2])
  })

  it('keeps the names of layers that the network does not have', () => {
    const model = kerasModel({ 'extra/kernel': zeros(3, 3, 4, 4) })
    expect([...fromKeras(model, mobilenet, { registry }).tensors.keys()].at(-1)).toBe('extra/kernel')
  })

  it('says when the file is another network', () => {
    const other = { source: 'o.h5', layers: [], tensors: new Map([['Func/weights', zeros(3, 3, 3, 8)]]) }
    expect(() => fromKeras(other, mobilenet, { registry })).toThrow(
      /none of the layers that mobilenetv2_050 has in Keras, but Func/,
    )
  })

  it('names the networks that Keras has', () => {
    const model = kerasModel({})
    expect(() => fromKeras(model, registry.model('convnext_tiny'), { registry })).toThrow(
      /resnet50_v1 \(ResNet50\).*got convnext_tiny/,
    )
  })
})

describe('families', () => {
  const models = families.flatMap(({ models }) => Object.values(models))

  it.each(models)('%s has a layer of Keras for each of its own, once', (name) => {
    const family = families.find((family) => Object.values(family.models).includes(name))
    const variant = registry.model(name)
    const options = { registry, config: family?.config, batchSize: 1, mode: 'infer' } as const
    const paths = new Set(
      [...traceVariant(variant, options).state.keys()].map((key) => key.slice(0, key.lastIndexOf('.'))),
    )
    const numbered = Array.from({ length: 200 }, (_, i) => [`conv2d_${i}`, `batch_normalization_${i}`])
    const vgg = [1, 2, 3, 4, 5].flatMap((stage) => [1, 2, 3, 4].map((i) => `block${stage}_conv${i}`))
    const matches = matchLayers(family?.layers ?? [], [...paths], [...numbered.flat(), ...vgg])
    expect([...matches.keys()]).toEqual([...paths])
    expect(new Set(matches.values()).size).toBe(paths.size)
    expect([...matches.values()]).not.toContain('')
  })
})

it('counts layers in the order of their numbers', () => {
  const layers = ['conv2d_10', 'conv2d_9', 'conv2d', 'dense']
  expect([...matchLayers([['.*', { nth: 'conv2d(_\\d+)?' }]], ['a', 'b', 'c'], layers).values()]).toEqual([
    'conv2d',
    'conv2d_9',
    'conv2d_10',
  ])
})
