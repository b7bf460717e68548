import { createHash } from 'node:crypto'
import { createRegistry, type Preprocessing, resolvePreprocessing, type Trace } from '@convkit/core'
import { describe, expect, test } from 'vitest'
import timm from './fixtures/timm.json' with { type: 'json' }
import torchvision from './fixtures/torchvision.json' with { type: 'json' }
import zoo from './index.js'
import { modelsWithOutputs, readOutputs } from './testing/peer-outputs.js'
import { parameterCount, traceModel } from './testing/trace-model.js'

interface StateDict {
  readonly tensors: number
  readonly digest: string
}

/** What tools/fixtures/zoo/states.py writes of a peer's model. */
interface PeerModel extends StateDict {
  readonly parameters: number
  /** Of a model with auxiliary heads, as it is trained. */
  readonly training?: StateDict
  /** Height, width and channels of each stage. */
  readonly features: Readonly<Record<string, readonly number[]>>
  readonly classifier: string
  readonly firstConvolution: string
  readonly preprocessing: Record<keyof Preprocessing, unknown>
}

const models: Record<string, PeerModel> = { ...timm.models, ...torchvision.models }
const registry = createRegistry(zoo)

function stateDict({ state }: Trace): StateDict {
  const lines = [...state].map(([name, { tensor }]) => `${name} ${tensor.shape}\n`)
  return { tensors: state.size, digest: createHash('sha256').update(lines.join('')).digest('hex') }
}

/** timm and torchvision have none of these; the last are Keras's, which `keras.parity.ts` of the weights package compares. */
const elsewhere = [
  /^(lenet5|alexnet_paper|googlenet_paper|highway_|wrn_|densenet_bc_)/,
  /^resnet(20|32|44|56|110)$/,
  /^resnet\d+_v[12]$/,
]

test('outputs of every other model are compared, at two input sizes', () => {
  const others = [...registry.models.keys()].filter((name) => !elsewhere.some((names) => names.test(name)))
  expect(modelsWithOutputs()).toEqual(others.toSorted())
  expect(Object.keys(models).toSorted()).toEqual(others.toSorted())
  for (const name of others) {
    const sizes = readOutputs(name).cases.map(({ image: [, height, width] }) => `${height}×${width}`)
    expect(new Set(sizes).size, name).toBe(2)
  }
})

describe.each(Object.entries(models))('%s is its peer’s', (name, expected) => {
  const { tensors, digest, features, classifier, firstConvolution } = expected
  const traced = traceModel(name)

  test('number of parameters', () => {
    expect(parameterCount(traced)).toBe(expected.parameters)
  })

  test('names, order and shapes of the state dict', () => {
    expect(stateDict(traced)).toEqual({ tensors, digest })
    const training = traceModel(name, { mode: 'train', batchSize: 2 })
    expect(stateDict(training)).toEqual(expected.training ?? { tensors, digest })
  })

  test('stages and their shapes', () => {
    const shapes = [...traced.features].map(([stage, { shape }]) => [stage, shape.slice(1)])
    expect(shapes).toEqual(Object.entries(features))
    expect(traced.logits.shape).toEqual([1, 1000])
  })

  test('preprocessing, classifier and first convolution', () => {
    const variant = registry.model(name)
    expect(resolvePreprocessing(variant)).toEqual(expected.preprocessing)
    expect(variant.architecture).toMatchObject({ classifier, firstConvolution })
    expect(traced.state.has(`${classifier}.weight`)).toBe(true)
    expect(traced.state.has(`${firstConvolution}.weight`)).toBe(true)
  })
})
