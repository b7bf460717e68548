import { createRegistry, random } from '@convkit/core'
import { describe, expect, it } from 'vitest'
import augment, { type AugmentationData, light, parseAugmentation } from './index.js'

const registry = createRegistry(augment)
const parse = (data: unknown) => parseAugmentation(data, registry, 'mine.json')

describe('parseAugmentation', () => {
  it('takes a recipe by its name', () => {
    expect(parse('light')).toBe(light)
  })

  it('makes every part', () => {
    const data: AugmentationData = {
      crop: { name: 'random-resized-crop', scale: [0.5, 1] },
      transforms: [
        'horizontal-flip',
        { name: 'color-jitter', brightness: 0.4 },
        { oneOf: ['grayscale', { name: 'solarize', threshold: 100 }], probability: 0.2 },
      ],
      mix: { oneOf: [{ name: 'mixup', alpha: 0.2 }, 'cutmix'] },
    }
    const { name, crop, transforms, mix } = parse(JSON.parse(JSON.stringify(data)))
    expect(name).toBe('mine.json')
    expect(transforms.map((transform) => transform.name)).toEqual([
      'horizontal-flip',
      'color-jitter',
      'grayscale or solarize',
    ])
    expect(mix?.name).toBe('mixup or cutmix')
    const image = { height: 50, width: 60 }
    expect(crop?.(image, image, random(1))).toHaveProperty('left')
  })

  it('is nothing without parts', () => {
    expect(parse({})).toEqual({ name: 'mine.json', transforms: [] })
  })

  it('takes parts of other plugins', () => {
    const own = createRegistry(augment, {
      name: 'own',
      transforms: { blacken: () => ({ name: 'blacken', apply: (image) => image }) },
    })
    expect(parseAugmentation({ transforms: ['blacken'] }, own).transforms[0]?.name).toBe('blacken')
  })

  it.each([
    [7, 'E_AUGMENTATION', 'mine.json must be the name of a recipe, or an object, got 7'],
    ['lihgt', 'E_UNKNOWN_AUGMENTATION', "There is no augmentation 'lihgt' (nearest: light"],
    [
      { transform: [] },
      'E_AUGMENTATION',
      "mine.json has 'transform', but takes only name, crop, transforms, mix",
    ],
    [{ transforms: {} }, 'E_AUGMENTATION', 'transforms of mine.json must be a list, got {}'],
    [
      { transforms: ['flip'] },
      'E_UNKNOWN_AUGMENTATION',
      "The transform 1 of mine.json: There is no transform 'flip' (nearest:",
    ],
    [
      { transforms: ['grayscale', { name: 'color-jitter', brightnes: 1 }] },
      'E_OPTION',
      "The transform 2 of mine.json: color-jitter has no option 'brightnes' (nearest: brightness",
    ],
    [
      { crop: { name: 'random-resized-crop', scale: [1, 0.5] } },
      'E_OPTION',
      'scale of random-resized-crop must be two numbers from 0 to 1, the lower one first, got [1,0.5]',
    ],
    [
      { crop: { scale: [1, 1] } },
      'E_AUGMENTATION',
      'name of the crop of mine.json must be a text, got undefined',
    ],
    [{ mix: { oneOf: 'mixup' } }, 'E_AUGMENTATION', 'oneOf of the mix of mine.json must be a list'],
    [{ mix: { oneOf: [] } }, 'E_OPTION', 'The mix of mine.json: one-of needs at least one part'],
    [{ mix: 'mixup2' }, 'E_UNKNOWN_AUGMENTATION', 'all of them: cutmix, mixup'],
  ])('says what is wrong with %j', (data, code, message) => {
    expect(() => parse(data)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    )
  })
})
