import { ConvkitError } from '@convkit/graph'
import type { Pixels, Preprocessing } from './preprocessing.js'
import { resizeRegion } from './resize-region.js'

/** Resizes pixels as PIL does, byte for byte: separable, antialiased, rounded to 8 bits after each axis. */
export function resize(
  pixels: Pixels,
  height: number,
  width: number,
  interpolation: Preprocessing['interpolation'],
): Pixels {
  const whole = { left: 0, top: 0, height: pixels.height, width: pixels.width }
  return resizeRegion(pixels, whole, height, width, interpolation)
}

/** Where a centred crop starts: halves go to the even number, as Python's `round` has it in torchvision and timm. */
export function cropOffset(size: number, crop: number): number {
  const half = (size - crop) / 2
  return Number.isInteger(half) ? half : 2 * Math.round(half / 2)
}

/**
 * The rectangle of `height × width` in the middle; what reaches beyond the image is black. An image of that size is
 * given back itself.
 */
export function centerCrop(pixels: Pixels, height: number, width: number): Pixels {
  if (pixels.height === height && pixels.width === width) return pixels
  const { channels } = pixels
  const top = cropOffset(pixels.height, height)
  const left = cropOffset(pixels.width, width)
  const data = new Uint8Array(height * width * channels)
  for (let y = Math.max(0, -top); y < Math.min(height, pixels.height - top); y++) {
    const from = Math.max(0, left)
    const to = Math.min(pixels.width, left + width)
    const row = (y + top) * pixels.width
    data.set(
      pixels.data.subarray((row + from) * channels, (row + to) * channels),
      (y * width + from - left) * channels,
    )
  }
  return { height, width, channels, data }
}

/** Height and width that an image is scaled to before the crop. */
export function scaledSize(
  { height, width }: Pick<Pixels, 'height' | 'width'>,
  { inputSize, cropPct, cropMode }: Preprocessing,
): readonly [height: number, width: number] {
  const [targetHeight, targetWidth] = inputSize.map((size) => Math.floor(size / cropPct)) as [number, number]
  if (cropMode === 'squash') return [targetHeight, targetWidth]
  if (targetHeight !== targetWidth) {
    const scale = Math.max(targetHeight / height, targetWidth / width)
    return [Math.round(height * scale), Math.round(width * scale)]
  }
  // torchvision's and timm's rule: the shorter side exactly, the longer one truncated
  return height < width
    ? [targetHeight, Math.floor((targetHeight * width) / height)]
    : [Math.floor((targetWidth * height) / width), targetWidth]
}

/**
 * An image of any size → `[inputSize, channels]`, as the model's record says; one that is so already is given back itself.
 *
 * @throws E_IMAGE when the data do not fill the size.
 */
export function preprocess(pixels: Pixels, preprocessing: Preprocessing): Pixels {
  if (pixels.data.length !== pixels.height * pixels.width * pixels.channels || pixels.data.length === 0) {
    throw new ConvkitError(
      'E_IMAGE',
      `${pixels.data.length} bytes are not ${pixels.height}×${pixels.width} pixels of ${pixels.channels} channels`,
    )
  }
  const [height, width] = scaledSize(pixels, preprocessing)
  const converted = toChannels(pixels, preprocessing.channels)
  const same = height === pixels.height && width === pixels.width
  const resized = same ? converted : resize(converted, height, width, preprocessing.interpolation)
  return centerCrop(resized, ...preprocessing.inputSize)
}

/** Grey to RGB by repetition, RGB to grey by ITU-R 601 luma as PIL has it. */
export function toChannels(pixels: Pixels, channels: 1 | 3): Pixels {
  if (pixels.channels === channels) return pixels
  const count = pixels.height * pixels.width
  const source = pixels.data
  const data = new Uint8Array(count * channels)
  if (channels === 3) {
    for (let i = 0; i < count; i++) data[3 * i] = data[3 * i + 1] = data[3 * i + 2] = source[i] as number
  } else {
    for (let i = 0; i < count; i++) {
      const [r, g, b] = [source[3 * i] as number, source[3 * i + 1] as number, source[3 * i + 2] as number]
      data[i] = (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16
    }
  }
  return { ...pixels, channels, data }
}
