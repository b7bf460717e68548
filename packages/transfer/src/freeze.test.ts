import { fit, sgd } from '@convkit/train'
import { describe, expect, it } from 'vitest'
import { freezeBatchNorms, freezeBody, freezeNamed, freezeUpTo, layerPaths } from './freeze.js'
import { colours, stagedModel } from './testing/tiny.js'

const frozenOf = async (
  freeze: (model: Awaited<ReturnType<typeof stagedModel>>) => (path: string) => boolean,
) => {
  const model = await stagedModel()
  const isFrozen = freeze(model)
  return [...layerPaths(model.trace({ batchSize: 2, mode: 'train' }))].filter(isFrozen)
}

describe('freezing', () => {
  it('reaches from the image to the end of a stage', async () => {
    expect(await frozenOf((model) => freezeUpTo(model, 'layer2'))).toEqual([
      'layer1.conv',
      'layer1.bn',
      'layer2.conv',
      'layer2.bn',
    ])
  })

  it('takes names and patterns', async () => {
    expect(await frozenOf((model) => freezeNamed(model, ['layer1', 'layer*.bn']))).toEqual([
      'layer1.conv',
      'layer1.bn',
      'layer2.bn',
      'layer3.bn',
    ])
  })

  it('leaves the head alone, or freezes batch-norms besides', async () => {
    expect(await frozenOf(freezeBody)).not.toContain('fc')
    expect(await frozenOf(freezeBody)).toHaveLength(6)
    expect(await frozenOf((model) => freezeBatchNorms(model))).toEqual([
      'layer1.bn',
      'layer2.bn',
      'layer3.bn',
    ])
  })

  it('names the nearest stage or layer', async () => {
    const model = await stagedModel()
    expect(() => freezeUpTo(model, 'layer4')).toThrow(/layer1, layer2, layer3/)
    expect(() => freezeNamed(model, ['layer1', 'layr2'])).toThrow(/no layer 'layr2' \(nearest: layer2/)
  })

  it('keeps frozen parameters and statistics as they are', async () => {
    const model = await stagedModel()
    const before = new Map([...model.weights].map(([name, { data }]) => [name, [...data]]))
    await fit(model, colours(12), {
      epochs: 2,
      batchSize: 6,
      optimizer: sgd({ learningRate: 0.1, weightDecay: 0.1 }),
      isFrozen: freezeUpTo(model, 'layer2'),
    })
    const changed = [...model.weights]
      .filter(([name, { data }]) => String([...data]) !== String(before.get(name)))
      .map(([name]) => name)
    expect(changed).toEqual([
      'layer3.conv.weight',
      'layer3.bn.weight',
      'layer3.bn.bias',
      'layer3.bn.running_mean',
      'layer3.bn.running_var',
      'fc.weight',
      'fc.bias',
    ])
  })
})
