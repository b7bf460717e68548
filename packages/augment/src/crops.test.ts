import { type ImageExtent, random } from '@convkit/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomResizedCrop } from './crops/random-resized-crop.js'
import { scaleJitter } from './crops/scale-jitter.js'
import { alexnet, resnet, vgg } from './recipes.js'
import { drawn, moments } from './test-support/moments.js'

const output = { height: 224, width: 224 }
const side = fc.integer({ min: 1, max: 3000 })

describe.each([
  ['random-resized-crop', randomResizedCrop()],
  ['random-resized-crop of extreme shapes', randomResizedCrop({ scale: [0.9, 1], ratio: [5, 6] })],
  ['scale-jitter', scaleJitter()],
  ['scale-jitter in the middle', scaleJitter({ shorterSide: [256, 256], within: 'square' })],
])('%s', (_name, crop) => {
  it('lies inside of the image, in whole pixels, and follows its stream alone', () => {
    fc.assert(
      fc.property(side, side, side, side, fc.nat(), (height, width, outputHeight, outputWidth, seed) => {
        const asked = [
          { height, width },
          { height: outputHeight, width: outputWidth },
        ] as const
        const drawnCrop = crop(...asked, random(seed))
        const { left, top } = drawnCrop
        expect([left, top, drawnCrop.width, drawnCrop.height].every(Number.isInteger)).toBe(true)
        expect(Math.min(left, top)).toBeGreaterThanOrEqual(0)
        expect(Math.min(drawnCrop.width, drawnCrop.height)).toBeGreaterThanOrEqual(1)
        expect(left + drawnCrop.width).toBeLessThanOrEqual(width)
        expect(top + drawnCrop.height).toBeLessThanOrEqual(height)
        expect(crop(...asked, random(seed))).toEqual(drawnCrop)
      }),
    )
  })
})

describe('random-resized-crop', () => {
  const image: ImageExtent = { height: 1000, width: 1000 }

  it('draws areas and shapes evenly, as torchvision’s', () => {
    const crops = drawn(4000, (i) => i).map((i) =>
      randomResizedCrop({ scale: [0.2, 0.5] })(image, output, random(1, i)),
    )
    const areas = moments(crops.map(({ height, width }) => (height * width) / 1e6))
    expect(areas.least).toBeGreaterThan(0.199)
    expect(areas.most).toBeLessThan(0.501)
    expect(Math.abs(areas.mean - 0.35)).toBeLessThan(0.005)
    const shapes = moments(crops.map(({ height, width }) => Math.log(width / height)))
    expect(Math.abs(shapes.mean)).toBeLessThan(0.01)
    expect(Math.abs(shapes.deviation - (2 * Math.log(4 / 3)) / Math.sqrt(12))).toBeLessThan(0.01)
    const places = moments(crops.map(({ left, width }) => left / (1000 - width)))
    expect(Math.abs(places.mean - 0.5)).toBeLessThan(0.02)
  })

  it('takes the middle where no part fits', () => {
    const wide = { height: 10, width: 1000 }
    const crop = randomResizedCrop({ scale: [1, 1] })(wide, output, random(1))
    expect(crop).toEqual({ left: 493, top: 0, width: 13, height: 10 })
  })

  it('draws the interpolation on demand', () => {
    const kernels = drawn(200, (i) => i).map(
      (i) => randomResizedCrop({ interpolation: 'random' })(image, output, random(1, i)).interpolation,
    )
    const cubic = kernels.filter((kernel) => kernel === 'bicubic').length
    expect(cubic).toBeGreaterThan(70)
    expect(cubic).toBeLessThan(130)
    expect(randomResizedCrop()(image, output, random(1))).not.toHaveProperty('interpolation')
  })
})

describe('scale-jitter', () => {
  const image: ImageExtent = { height: 1024, width: 2048 }
  const scaledSides = (crop: NonNullable<typeof vgg.crop>) =>
    drawn(4000, (i) => (1024 * 224) / crop(image, output, random(2, i)).height)

  it.each([
    ['vgg', vgg, 256, 512],
    ['resnet', resnet, 256, 480],
    ['alexnet', alexnet, 256, 256],
  ])('%s scales the shorter side as its paper', (_name, recipe, lowest, highest) => {
    const { mean, least, most } = moments(scaledSides(recipe.crop as NonNullable<typeof recipe.crop>))
    // A crop has whole pixels, so the side that it comes from is known to about a third of a percent.
    expect(Math.abs(least - lowest)).toBeLessThan(1)
    expect(Math.abs(most - highest)).toBeLessThan(1)
    expect(Math.abs(mean - (lowest + highest) / 2)).toBeLessThan(4)
  })

  it('takes parts of the whole image, or of its middle', () => {
    const lefts = (crop: NonNullable<typeof vgg.crop>) =>
      moments(drawn(2000, (i) => crop(image, output, random(2, i)).left))
    const whole = lefts(scaleJitter({ shorterSide: [256, 256] }))
    expect(whole.least).toBeLessThan(10)
    expect(whole.most).toBeGreaterThan(2048 - 896 - 10)
    const middle = lefts(alexnet.crop as NonNullable<typeof alexnet.crop>)
    expect(middle.least).toBe(512)
    expect(middle.most).toBe(512 + 128)
  })

  it('takes the same share for another input size', () => {
    const crop = scaleJitter({ shorterSide: [448, 448] })(image, { height: 64, width: 64 }, random(1))
    expect([crop.height, crop.width]).toEqual([512, 512])
  })

  it('cannot take more than there is', () => {
    expect(() => scaleJitter({ shorterSide: [200, 300] })).toThrow(
      'shorterSide of scale-jitter must begin at cropSize, 224, or above, got 200',
    )
  })
})
