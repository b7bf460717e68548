import { createRegistry } from '@convkit/core'
import zoo from '@convkit/zoo'
import { describe, expect, it } from 'vitest'
import { weightsTags } from './tags.js'
import table from './tags.json' with { type: 'json' }

const names = Object.keys(table)

describe('weightsTags', () => {
  it('begins with the default', () => {
    expect(weightsTags('resnet18')[0]).toEqual({
      tag: 'a1_in1k',
      hub: 'timm/resnet18.a1_in1k',
      license: 'apache-2.0',
      classes: 1000,
      preprocessing: {
        inputSize: [224, 224],
        cropPct: 0.95,
        cropMode: 'center',
        interpolation: 'bicubic',
        mean: [0.485, 0.456, 0.406],
        std: [0.229, 0.224, 0.225],
      },
    })
    expect(weightsTags('vgg16')[0]).toMatchObject({ tag: 'tv_in1k', top1: 71.592, top5: 90.382 })
    expect(weightsTags('alexnet')[0]?.url).toMatch(
      /^https:\/\/download\.pytorch\.org\/models\/alexnet-.*\.pth$/,
    )
    expect(weightsTags('toString')).toEqual([])
  })

  it.each(names)('has sound rows for %s, which is in the zoo', (name) => {
    createRegistry(zoo).model(name)
    for (const { hub, url, classes, preprocessing } of weightsTags(name)) {
      expect([hub, url].filter(Boolean)).toHaveLength(1)
      // Weights without a classifier have 0; CLIP's have an embedding in its place.
      expect(Number.isInteger(classes) && classes >= 0).toBe(true)
      expect(preprocessing.cropPct).toBeGreaterThan(0)
      expect(preprocessing.cropPct).toBeLessThanOrEqual(1)
      expect([...preprocessing.mean, ...preprocessing.std].every((value) => value >= 0 && value <= 1)).toBe(
        true,
      )
      expect(['bilinear', 'bicubic', 'nearest']).toContain(preprocessing.interpolation)
    }
  })
})
