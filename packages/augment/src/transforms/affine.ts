import type { ImageTransform, Pixels } from '@convkit/core'
import { type Mapping, type WarpOptions, warp } from '../pixels/warp.js'
import { choice, type Field, type Fields, fillColor, number, type Range, range } from '../shared/options.js'
import { type Chance, randomTransform } from '../shared/random-transform.js'

/** How an image is moved, turned, scaled and sheared, in this order from the last to the first. */
export interface AffineMap {
  /** Clockwise, in degrees. */
  readonly angle?: number
  /** Pixels to the right and down. */
  readonly translate?: readonly [x: number, y: number]
  readonly scale?: number
  /** Along x and along y, in degrees. */
  readonly shear?: readonly [x: number, y: number]
  /** What stays where it is, in pixels; the middle of the image by default. */
  readonly center?: readonly [x: number, y: number]
}

/** torchvision's `affine`, with PIL's pixels. */
export function affine(image: Pixels, map: AffineMap, options?: WarpOptions): Pixels {
  return warp(image, inverseMapping(image, map), options)
}

/** From pixels of the result to those of the image. */
function inverseMapping({ height, width }: Pixels, map: AffineMap): Mapping {
  const { angle = 0, translate = [0, 0], scale = 1, shear = [0, 0], center = [width / 2, height / 2] } = map
  const [turn, shearX, shearY] = [angle, ...shear].map(radians) as [number, number, number]
  // rotation · shear, whose inverse is its adjugate: its determinant is 1
  const a = Math.cos(turn - shearY) / Math.cos(shearY)
  const b = (-Math.cos(turn - shearY) * Math.tan(shearX)) / Math.cos(shearY) - Math.sin(turn)
  const c = Math.sin(turn - shearY) / Math.cos(shearY)
  const d = (-Math.sin(turn - shearY) * Math.tan(shearX)) / Math.cos(shearY) + Math.cos(turn)
  const [xx, xy, yx, yy] = [d / scale, -b / scale, -c / scale, a / scale]
  const [left, top] = [center[0] + translate[0], center[1] + translate[1]]
  return [xx, xy, center[0] - xx * left - xy * top, yx, yy, center[1] - yx * left - yy * top, 0, 0]
}

const radians = (degrees: number) => (degrees * Math.PI) / 180

/** What transforms that move pixels have in common. */
export interface WarpChance extends Chance, WarpOptions {}

export const warpFields: Omit<Fields<WarpChance>, 'probability'> = {
  interpolation: choice('bilinear', ['nearest', 'bilinear']),
  fill: fillColor(0),
}

/** A largest angle, or a range of them, in degrees. */
export type Angles = number | Range

export const anglesField = (fallback: Angles): Field<Angles> => ({
  fallback,
  wanted: 'a number of at least 0, or two with the lower one first',
  isValid: (value) => (Array.isArray(value) ? range([0, 0], -Number.MAX_VALUE) : number(0, 0)).isValid(value),
})

/** 30 is from −30 to 30. */
export const anglesOf = (angles: Angles): Range => (typeof angles === 'number' ? [-angles, angles] : angles)

export interface RandomAffineOptions extends WarpChance {
  /** Degrees; 0 by default. */
  readonly degrees?: Angles
  /** The farthest, as shares of the width and the height; [0, 0] by default. */
  readonly translate?: readonly [x: number, y: number]
  /** [1, 1] by default. */
  readonly scale?: Range
  /** Along x, in degrees; 0 by default. */
  readonly shear?: Angles
}

/** Moves, turns, scales and shears images at random: torchvision's `RandomAffine`. */
export function randomAffine(options?: RandomAffineOptions): ImageTransform {
  return randomTransform<RandomAffineOptions>({
    name: 'affine',
    fields: {
      degrees: anglesField(0),
      translate: {
        fallback: [0, 0],
        wanted: 'two shares from 0 to 1',
        isValid: (value) =>
          Array.isArray(value) && value.length === 2 && value.every((share) => share >= 0 && share <= 1),
      },
      scale: range([1, 1], 0.01),
      shear: anglesField(0),
      ...warpFields,
    },
    options,
    apply(image, { degrees, translate, scale, shear, ...warping }, draws) {
      const angle = draws.uniform(...anglesOf(degrees))
      const [x, y] = [translate[0] * image.width, translate[1] * image.height]
      const moved = [Math.round(draws.uniform(-x, x)), Math.round(draws.uniform(-y, y))] as const
      const factor = draws.uniform(...scale)
      const map = {
        angle,
        translate: moved,
        scale: factor,
        shear: [draws.uniform(...anglesOf(shear)), 0],
      } as const
      return affine(image, map, warping)
    },
  })
}
