import { type AnyArchitecture, createRegistry, resolvePreprocessing, type Trace } from '@convkit/core'
import type { SymbolicTensor } from '@convkit/graph'
import { describe, expect, test } from 'vitest'
import zoo from './index.js'
import { traceModel } from './testing/trace-model.js'

const registry = createRegistry(zoo)
const train = { mode: 'train', batchSize: 2 } as const
/** Families whose blocks add to their input, so that stochastic depth can leave one out (Huang et al. 2016). */
const withPaths = new Set([
  ...['resnet', 'resnet-d', 'resnet-v2', 'resnet-cifar', 'wide-resnet-cifar', 'convnext', 'highway'],
  ...['efficientnet', 'mobilenetv2', 'mobilenetv3'],
])

/** The first variant of each; what is computed with these options is in the families' own tests. */
const families = zoo.architectures.map((architecture: AnyArchitecture) => ({
  architecture,
  name: Object.keys(architecture.variants)[0]!,
}))

describe.each(families)('$name', ({ architecture, name }) => {
  const dense = traceModel(name)
  const { channels } = resolvePreprocessing(registry.model(name))

  test(`takes images of ${channels === 1 ? 3 : 1} channels`, () => {
    const other = channels === 1 ? 3 : 1
    const half = Array.from({ length: other }, () => 0.5)
    const traced = traceModel(name, { preprocessing: { channels: other, mean: half, std: half } })
    const key = `${architecture.firstConvolution}.weight`
    const weight = (trace: Trace) => trace.state.get(key)?.tensor.shape ?? []
    expect(weight(traced)).toEqual(weight(dense).with(1, other))
    expect(otherShapes(traced.state, key)).toEqual(otherShapes(dense.state, key))
    expect(traced.logits.shape).toEqual(dense.logits.shape)
  })

  test('ends in pooled features without classes, after the same stages', () => {
    const { logits, features, state } = traceModel(name, { classes: 0 })
    const classifier = `${architecture.classifier}.weight`
    const inputs = dense.state.get(classifier)?.tensor.shape[1]
    expect(logits.shape).toEqual([1, inputs])
    expect([...dense.state.keys()].filter((key) => !state.has(key))).toEqual([
      classifier,
      `${architecture.classifier}.bias`,
    ])
    expect(shapes(features)).toEqual(shapes(dense.features))
  })

  test('has stages whose maps shrink, and none that grows', () => {
    const areas = [...dense.features.values()].map(({ shape }) => shape[1]! * shape[2]!)
    expect(areas.length).toBeGreaterThanOrEqual(2)
    expect(areas).toEqual(areas.toSorted((a, b) => b - a))
    expect(areas.at(-1)).toBeLessThan(areas[0]! / 4)
  })

  test('drops features before the classifier at `dropRate`, in training only', () => {
    const [without, at] = [0, 0.3].map((dropRate) =>
      rates(traceModel(name, { ...train, config: { dropRate } }).masks),
    )
    const added = Object.entries(at!).filter(([mask, rate]) => without![mask] !== rate)
    expect(added.length).toBeGreaterThanOrEqual(1)
    expect(added.every(([, rate]) => rate === 0.3)).toBe(true)
    expect(traceModel(name, { config: { dropRate: 0.3 } }).masks.size).toBe(0)
  })
})

test.each(families.filter(({ architecture }) => withPaths.has(architecture.name)))(
  '$name drops paths ever more often, up to `dropPathRate`, in training only',
  ({ name }) => {
    const config = { dropPathRate: 0.2 }
    const paths = Object.entries(rates(traceModel(name, { ...train, config }).masks))
      .filter(([mask]) => mask.endsWith('drop_path.mask'))
      .map(([, rate]) => rate)
    expect(paths.length).toBeGreaterThan(2)
    expect(paths).toEqual([...new Set(paths)].toSorted((a, b) => a - b))
    expect(paths.at(-1)).toBeGreaterThan(0.15)
    expect(paths.at(-1)).toBeLessThanOrEqual(0.2)
    expect(traceModel(name, { config }).masks.size).toBe(0)
  },
)

test.each([
  ...[
    'resnet18',
    'resnet18d',
    'resnetv2_18',
    'resnet20',
    'densenet121',
    'densenet_bc_100_12',
    'inception_v3',
  ],
  ...['mobilenetv1_100', 'mobilenetv2_050', 'mobilenetv3_small_050', 'efficientnet_b0'],
])('%s takes hidden layers before its classifier', (name) => {
  const { classifier } = registry.model(name).architecture
  const hidden = `${classifier
    .split('.')
    .slice(0, -1)
    .map((part) => `${part}.`)}hidden`
  const { state, logits } = traceModel(name, { classes: 3, config: { hidden: [{ units: 7 }, { units: 5 }] } })
  expect(state.get(`${hidden}.0.weight`)?.tensor.shape[0]).toBe(7)
  expect(state.get(`${hidden}.1.weight`)?.tensor.shape).toEqual([5, 7])
  expect(state.get(`${classifier}.weight`)?.tensor.shape.slice(0, 2)).toEqual([3, 5])
  expect(logits.shape).toEqual([1, 3])
})

function shapes(tensors: ReadonlyMap<string, SymbolicTensor>) {
  return [...tensors].map(([key, { shape }]) => [key, ...shape])
}

function otherShapes(state: Trace['state'], except: string) {
  return shapes(new Map([...state].map(([key, { tensor }]) => [key, tensor]))).filter(
    ([key]) => key !== except,
  )
}

/** The share that each mask leaves out. */
function rates(masks: ReadonlyMap<string, SymbolicTensor>): Record<string, number> {
  return Object.fromEntries(
    [...masks].map(([key, { node }]) => {
      const fill = node.op === 'input' ? node.attributes.fill : undefined
      return [key, fill ? Math.round(1e6 * (1 - fill.keep)) / 1e6 : Number.NaN]
    }),
  )
}
