import type { ImageTransform, Pixels, RandomStream } from '@convkit/core'
import type { Draws } from '../shared/draws.js'
import { type Field, type Fill, fillColor, type Range, range } from '../shared/options.js'
import { type Chance, randomTransform } from '../shared/random-transform.js'

export interface Box {
  readonly left: number
  readonly top: number
  readonly height: number
  readonly width: number
}

/** A box filled with a colour, or with bytes drawn from a stream. */
export function erase(image: Pixels, box: Box, filling: Fill | RandomStream): Pixels {
  const { width, channels } = image
  const data = new Uint8Array(image.data)
  const row = box.width * channels
  const filler = fillerOf(box.height * row, channels, filling)
  for (let y = 0; y < box.height; y++) {
    const at = ((box.top + y) * width + box.left) * channels
    data.set(filler.subarray(y * row, (y + 1) * row), at)
  }
  return { ...image, data }
}

function fillerOf(length: number, channels: number, filling: Fill | RandomStream): Uint8Array {
  if (typeof filling === 'number') return new Uint8Array(length).fill(filling)
  if ('uint32' in filling) {
    const words = Uint32Array.from({ length: Math.ceil(length / 4) }, (_, position) =>
      filling.uint32(position),
    )
    return new Uint8Array(words.buffer)
  }
  return Uint8Array.from({ length }, (_, i) => filling[i % channels] as number)
}

/** torchvision's way to draw a box; undefined when ten of them did not fit. */
function drawBox({ height, width }: Pixels, scale: Range, ratio: Range, draws: Draws): Box | undefined {
  const [low, high] = [Math.log(ratio[0]), Math.log(ratio[1])]
  for (let attempt = 0; attempt < 10; attempt++) {
    const area = height * width * draws.uniform(...scale)
    const aspect = Math.exp(draws.uniform(low, high))
    const box = { height: Math.round(Math.sqrt(area * aspect)), width: Math.round(Math.sqrt(area / aspect)) }
    if (box.height >= height || box.width >= width) continue
    return { ...box, top: draws.whole(height - box.height + 1), left: draws.whole(width - box.width + 1) }
  }
  return undefined
}

export interface ErasingOptions extends Chance {
  /** Share of the image's area; [0.02, 0.33] by default. */
  readonly scale?: Range
  /** Height by width; [0.3, 3.3] by default. */
  readonly ratio?: Range
  /** A colour, or `random` bytes, the default. */
  readonly fill?: Fill | 'random'
}

const filling: Field<Fill | 'random'> = {
  fallback: 'random',
  wanted: `random, ${fillColor(0).wanted}`,
  isValid: (value) => value === 'random' || fillColor(0).isValid(value),
}

/** Erases a part of every second image by default (Zhong et al. 2017): torchvision's `RandomErasing`. */
export function randomErasing(options?: ErasingOptions): ImageTransform {
  return randomTransform<ErasingOptions>({
    name: 'erasing',
    fields: { scale: range([0.02, 0.33], 0, 1), ratio: range([0.3, 3.3], 0.01), fill: filling },
    probability: 0.5,
    options,
    apply(image, { scale, ratio, fill }, draws) {
      const box = drawBox(image, scale, ratio, draws)
      return box ? erase(image, box, fill === 'random' ? draws.stream('fill') : fill) : image
    },
  })
}
