import type { ImageTransform, Pixels } from '@convkit/core'
import { type Mapping, type WarpOptions, warp } from '../pixels/warp.js'
import { number } from '../shared/options.js'
import { randomTransform } from '../shared/random-transform.js'
import { type WarpChance, warpFields } from './affine.js'

export type Point = readonly [x: number, y: number]
/** Top left, top right, bottom right, bottom left. */
export type Corners = readonly [Point, Point, Point, Point]

/** Moves the points `start` to `end`: torchvision's `perspective`, with PIL's pixels. */
export function perspective(image: Pixels, start: Corners, end: Corners, options?: WarpOptions): Pixels {
  return warp(image, mappingOf(start, end), options)
}

/** The perspective map that takes `end` to `start`: eight equations for its eight numbers. */
function mappingOf(start: Corners, end: Corners): Mapping {
  const rows = end.flatMap(([x, y], i) => {
    const [u, v] = start[i] as Point
    return [
      [x, y, 1, 0, 0, 0, -u * x, -u * y, u],
      [0, 0, 0, x, y, 1, -v * x, -v * y, v],
    ]
  })
  return solve(rows) as Mapping
}

/** Gauss–Jordan elimination with pivots. Rows are the equations, their right sides last. */
function solve(rows: number[][]): readonly number[] {
  for (let column = 0; column < rows.length; column++) {
    const size = (row: number) => Math.abs(rows[row]?.[column] ?? 0)
    let pivot = column
    for (let row = column + 1; row < rows.length; row++) if (size(row) > size(pivot)) pivot = row
    const [chosen, other] = [rows[pivot] as number[], rows[column] as number[]]
    rows[pivot] = other
    const divided = chosen.map((value) => value / (chosen[column] as number))
    rows[column] = divided
    for (let row = 0; row < rows.length; row++) {
      const factor = rows[row]?.[column] as number
      if (row === column || factor === 0) continue
      rows[row] = (rows[row] as number[]).map((value, i) => value - factor * (divided[i] as number))
    }
  }
  return rows.map((row) => row.at(-1) as number)
}

export interface RandomPerspectiveOptions extends WarpChance {
  /** How far corners move at most, as a share of half the side; 0.5 by default. */
  readonly distortion?: number
}

/** Looks at the image from another side: torchvision's `RandomPerspective`. Every second image by default. */
export function randomPerspective(options?: RandomPerspectiveOptions): ImageTransform {
  return randomTransform<RandomPerspectiveOptions>({
    name: 'perspective',
    fields: { distortion: number(0.5, 0, 1), ...warpFields },
    probability: 0.5,
    options,
    apply(image, { distortion, ...warping }, draws) {
      const [right, bottom] = [image.width - 1, image.height - 1]
      const inwards = (size: number) => draws.whole(Math.floor(distortion * Math.floor(size / 2)) + 1)
      const point = (x: 0 | 1, y: 0 | 1): Point => {
        const [dx, dy] = [inwards(image.width), inwards(image.height)]
        return [x ? right - dx : dx, y ? bottom - dy : dy]
      }
      const end: Corners = [point(0, 0), point(1, 0), point(1, 1), point(0, 1)]
      const start: Corners = [
        [0, 0],
        [right, 0],
        [right, bottom],
        [0, bottom],
      ]
      return perspective(image, start, end, warping)
    },
  })
}
