import { type Pixels, type Preprocessing, random } from '@convkit/core'

/** Values of a coarse grid along each side, between which an image's values go smoothly. */
const grid = 6

/**
 * Images to compare models on where none are given: smooth fields of random colours with a little noise, so that a
 * network tells them apart. The same for the same seed.
 */
export function checkImages({ inputSize, channels }: Preprocessing, count: number, seed = 0): Pixels[] {
  const [height, width] = inputSize
  return Array.from({ length: count }, (_, index) => {
    const draw = random(seed, 'check image', index)
    const data = new Uint8Array(height * width * channels)
    for (let y = 0, at = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let channel = 0; channel < channels; channel++, at++) {
          const corner = (row: number, column: number) =>
            draw.uniform((row * (grid + 1) + column) * channels + channel)
          const smooth = between(corner, (y / height) * grid, (x / width) * grid)
          data[at] = 235 * smooth + 20 * draw.uniform(4096 + at)
        }
      }
    }
    return { height, width, channels, data }
  })
}

/** Bilinear interpolation of the values at whole numbers. */
function between(value: (row: number, column: number) => number, y: number, x: number): number {
  const [row, column] = [Math.floor(y), Math.floor(x)]
  const [down, right] = [y - row, x - column]
  const top = value(row, column) * (1 - right) + value(row, column + 1) * right
  const bottom = value(row + 1, column) * (1 - right) + value(row + 1, column + 1) * right
  return top * (1 - down) + bottom * down
}
