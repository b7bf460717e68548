import type { ImageTransform, Pixels } from '@convkit/core'
import { type WarpOptions, warp } from '../pixels/warp.js'
import { randomTransform } from '../shared/random-transform.js'
import { type Angles, anglesField, anglesOf, type WarpChance, warpFields } from './affine.js'

/** Turned counter-clockwise about the middle, by degrees: torchvision's `rotate`, with PIL's pixels. */
export function rotate(image: Pixels, degrees: number, options?: WarpOptions): Pixels {
  if (degrees % 360 === 0) return image
  const { height, width } = image
  const turn = (-degrees * Math.PI) / 180
  const [cos, sin] = [rounded(Math.cos(turn)), rounded(Math.sin(turn))]
  const [x, y] = [width / 2, height / 2]
  return warp(image, [cos, sin, x - cos * x - sin * y, -sin, cos, y + sin * x - cos * y, 0, 0], options)
}

/** To 15 decimals: a right angle is one. */
const rounded = (value: number) => Number(value.toFixed(15))

export interface RandomRotationOptions extends WarpChance {
  /** 10 by default. */
  readonly degrees?: Angles
}

/** Turns images about their middle: torchvision's `RandomRotation`. */
export function randomRotation(options?: RandomRotationOptions): ImageTransform {
  return randomTransform<RandomRotationOptions>({
    name: 'rotation',
    fields: { degrees: anglesField(10), ...warpFields },
    options,
    apply: (image, { degrees, ...warping }, draws) =>
      rotate(image, draws.uniform(...anglesOf(degrees)), warping),
  })
}
