import { createRegistry, type ModelName, random, type Trace } from '@convkit/core'
import { checkArchitecture } from '@convkit/core/testing'
import { type OpName, topologicalOrder } from '@convkit/graph'
import { evaluate } from '@convkit/graph/reference'
import { describe, expect, test } from 'vitest'
import zoo from '../index.js'
import { parameterCount, traceModel } from '../testing/trace-model.js'
import { variants } from './variants.js'

const names = Object.keys(variants) as ModelName[]
const nodes = ({ logits, auxiliary }: Trace) =>
  topologicalOrder([logits, ...auxiliary.map((head) => head.logits)])
const attributes = (traced: Trace, op: OpName) =>
  nodes(traced).flatMap((node) => (node.op === op ? [node.attributes] : []))
const training = (name: string, options = {}) => traceModel(name, { mode: 'train', batchSize: 2, ...options })

describe('googlenet', () => {
  test.each([
    ['googlenet', 6_624_904, 13_004_888],
    ['googlenet_paper', 6_998_552, 13_378_280],
  ])('%s has %i parameters, with its auxiliary heads %i', (name, parameters, all) => {
    expect(parameterCount(traceModel(name))).toBe(parameters)
    expect(parameterCount(training(name))).toBe(all)
  })

  test.each(names)('%s halves five times, with the last window over the border', (name) => {
    const sides = (side: number) =>
      [...traceModel(name, { preprocessing: { inputSize: [side, side] } }).features.values()].map(
        ({ shape }) => shape[1],
      )
    expect(sides(224)).toEqual([112, 56, 28, 14, 7])
    expect(sides(128)).toEqual([64, 32, 16, 8, 4])
    expect(sides(97)).toEqual([49, 24, 12, 6, 3])
  })

  test.each(names)('%s has two auxiliary heads, in training only', (name) => {
    const { auxiliary, masks } = training(name)
    expect(auxiliary.map(({ logits, weight }) => [logits.shape, weight])).toEqual([
      [[2, 1000], 0.3],
      [[2, 1000], 0.3],
    ])
    expect([...masks.keys()]).toEqual(['aux1.dropout.mask', 'aux2.dropout.mask', 'drop.mask'])
    expect(traceModel(name).auxiliary).toEqual([])
    expect(training(name, { config: { auxiliaryWeight: 0 } }).auxiliary).toEqual([])
    expect(training(name, { classes: 0 }).auxiliary).toEqual([])
  })

  test.each([32, 64, 224, 320])('the heads take maps of %i pixels', (side) => {
    for (const name of names) {
      const { state } = training(name, { preprocessing: { inputSize: [side, side] } })
      expect(state.get('aux1.fc1.weight')?.tensor.shape).toEqual([1024, 128 * 4 * 4])
    }
  })

  test('googlenet_paper has 5×5 kernels, biases, local response normalisation and the paper’s windows', () => {
    const traced = training('googlenet_paper')
    expect(traced.state.get('inception5b.branch3.1.conv.weight')?.tensor.shape).toEqual([128, 48, 5, 5])
    expect([...traced.state.values()].every(({ kind }) => kind === 'parameter')).toBe(true)
    const lrn = { size: 5, alpha: 1e-4, beta: 0.75, bias: 1 }
    expect(attributes(traced, 'localResponseNorm')).toEqual([lrn, lrn])
    expect(attributes(traced, 'averagePool2d')).toMatchObject(
      new Array(2).fill({ size: [5, 5], strides: [3, 3], padding: [0, 0, 0, 0] }),
    )
  })

  test.each([
    ['googlenet', [2, 3, 3, 3]],
    ['googlenet_paper', [3, 3, 3, 3]],
  ])('%s halves maps by pools of %j', (name, expected) => {
    const sides = nodes(traceModel(name)).flatMap(({ op, attributes }) =>
      op === 'maxPool2d' && attributes.ceilMode && attributes.strides[0] === 2 ? [attributes.size[0]] : [],
    )
    expect(sides.toSorted()).toEqual(expected)
  })

  test('googlenet has torchvision’s 3×3 kernels and its epsilon', () => {
    const traced = training('googlenet')
    expect(traced.state.get('inception5b.branch3.1.conv.weight')?.tensor.shape).toEqual([128, 48, 3, 3])
    expect(new Set(attributes(traced, 'batchNormTrain').map((norm) => JSON.stringify(norm)))).toEqual(
      new Set(['{"epsilon":0.001}']),
    )
  })

  test('googlenet_paper starts as its port to Caffe does', () => {
    const { state } = training('googlenet_paper')
    const first = (name: string) => {
      const entry = state.get(name)
      return entry?.initializer(entry.tensor.shape, random(0, name)) ?? new Float32Array()
    }
    const weights = first('inception3a.branch2.1.conv.weight')
    const bound = Math.sqrt(3 / (96 * 9))
    expect(Math.max(...weights)).toBeLessThanOrEqual(bound)
    expect(Math.max(...weights)).toBeGreaterThan(0.99 * bound)
    expect(new Set(first('conv1.conv.bias'))).toEqual(new Set(first('aux1.fc1.bias')))
    expect(first('conv1.conv.bias')[0]).toBeCloseTo(0.2)
    expect([first('fc.bias')[0], first('aux2.fc2.bias')[0]]).toEqual([0, 0])
  })

  test.each([
    // A pixel p becomes (p − mean) / std, and then 2p − 1.
    [3, [-1, 0.2, 1]],
    [1, [-1]],
  ] as const)('transforms an input of %i channels to [−1, 1]', (channels, expected) => {
    const preprocessing = { inputSize: [32, 32], channels } as const
    const traced = traceModel('googlenet', { preprocessing, config: { transformInput: true } })
    const convolution = topologicalOrder([traced.logits]).find(({ op }) => op === 'conv2d')
    const [transformed] = convolution?.inputs ?? []
    const image = Array.from({ length: 32 * 32 * channels }, (_, i) => [0, 153, 255][i % channels] ?? 0)
    const [values = []] = transformed ? evaluate([transformed], { inputs: { image }, state: {} }) : []
    expect([...values].slice(0, channels)).toEqual(expected.map((value) => expect.closeTo(value, 6)))
  })

  test.each(names)('%s takes grey images of any size and gives features without classes', (name) => {
    const preprocessing = { inputSize: [97, 65], channels: 1 } as const
    const traced = traceModel(name, { classes: 0, preprocessing })
    expect(traced.state.get('conv1.conv.weight')?.tensor.shape[1]).toBe(1)
    expect(traced.logits.shape).toEqual([1, 1024])
    expect(traced.state.has('fc.weight')).toBe(false)
  })

  test.each(names)('%s holds what every architecture must hold', (model) => {
    const filters = [2, 2, 2, 2, 2, 2]
    const stages = [
      { inception3a: filters },
      { inception4a: filters, inception4d: filters },
      { inception5a: filters },
    ]
    checkArchitecture({ model, registry: createRegistry(zoo), inputSize: [32, 32], config: { stages } })
  })
})
