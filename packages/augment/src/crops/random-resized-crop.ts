import type { Crop, ImageExtent, RandomCrop } from '@convkit/core'
import { type Draws, drawsOf } from '../shared/draws.js'
import { choice, type Range, range, readOptions } from '../shared/options.js'

export interface RandomResizedCropOptions {
  /** Share of the image's area; [0.08, 1] by default. */
  readonly scale?: Range
  /** Width by height; [3/4, 4/3] by default. */
  readonly ratio?: Range
  /** The `model`'s own, the default, one of the two, or at `random` either, as timm has it. */
  readonly interpolation?: 'model' | 'bilinear' | 'bicubic' | 'random'
}

/**
 * A part of any size and shape (Szegedy et al. 2015, section 6), drawn as torchvision's `RandomResizedCrop` does: what
 * does not fit is drawn again, at most ten times, then the middle is taken.
 *
 * @throws E_OPTION.
 */
export function randomResizedCrop(options?: RandomResizedCropOptions): RandomCrop {
  const { scale, ratio, interpolation } = readOptions<RandomResizedCropOptions>(
    'random-resized-crop',
    {
      scale: range([0.08, 1], 0, 1),
      ratio: range([3 / 4, 4 / 3], 0.01),
      interpolation: choice('model', ['model', 'bilinear', 'bicubic', 'random']),
    },
    options,
  )
  return (image, _output, random) => {
    const draws = drawsOf(random)
    const crop = drawnCrop(image, scale, ratio, draws) ?? centralCrop(image, ratio)
    const kernel = interpolation === 'random' ? draws.pick(['bilinear', 'bicubic'] as const) : interpolation
    return kernel === 'model' ? crop : { ...crop, interpolation: kernel }
  }
}

function drawnCrop(image: ImageExtent, scale: Range, ratio: Range, draws: Draws): Crop | undefined {
  const [low, high] = [Math.log(ratio[0]), Math.log(ratio[1])]
  for (let attempt = 0; attempt < 10; attempt++) {
    const area = image.height * image.width * draws.uniform(...scale)
    const aspect = Math.exp(draws.uniform(low, high))
    const [width, height] = [Math.round(Math.sqrt(area * aspect)), Math.round(Math.sqrt(area / aspect))]
    if (width < 1 || height < 1 || width > image.width || height > image.height) continue
    const top = draws.whole(image.height - height + 1)
    return { left: draws.whole(image.width - width + 1), top, width, height }
  }
  return undefined
}

/** The largest part in the middle whose shape is in the range. */
function centralCrop({ height, width }: ImageExtent, [low, high]: Range): Crop {
  const shape = width / height
  const inside = {
    width: Math.max(1, shape > high ? Math.round(height * high) : width),
    height: Math.max(1, shape < low ? Math.round(width / low) : height),
  }
  return {
    ...inside,
    left: Math.floor((width - inside.width) / 2),
    top: Math.floor((height - inside.height) / 2),
  }
}
