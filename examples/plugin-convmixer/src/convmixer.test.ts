import { createRegistry, traceVariant } from '@convkit/core'
import { describeArchitecture } from '@convkit/core/testing'
import { sizeOf } from '@convkit/graph'
import { describe, expect, it } from 'vitest'
import plugin, { convmixer } from './index.js'

const registry = createRegistry(plugin)

describeArchitecture(
  convmixer,
  { registry, inputSize: [28, 28], config: { filters: 6, depth: 2 } },
  { describe, expect, it },
)

describe('convmixer', () => {
  it.each([
    ['convmixer_1536_20', 51_625_960],
    ['convmixer_768_32', 21_110_248],
    ['convmixer_1024_20_ks9_p14', 24_383_464],
  ])('%s has %i parameters', (name, expected) => {
    const { state } = traceVariant(registry.model(name), { registry, batchSize: 1, mode: 'infer' })
    const parameters = [...state.values()].filter(({ kind }) => kind === 'parameter')
    expect(parameters.reduce((total, { tensor }) => total + sizeOf(tensor.shape), 0)).toBe(expected)
  })

  it('keeps the map of patches at its size, and cuts off what no patch covers', () => {
    const options = {
      registry,
      batchSize: 1,
      mode: 'infer',
      preprocessing: { inputSize: [230, 97] },
    } as const
    const { features } = traceVariant(registry.model('convmixer_768_32'), options)
    expect(features.get('blocks')?.shape).toEqual([1, 32, 13, 768])
  })
})
