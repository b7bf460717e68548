import { ConvkitError } from '@convkit/graph'
import type { Pixels, Preprocessing } from './preprocessing.js'

type Interpolation = Preprocessing['interpolation']

const kernels: Record<Exclude<Interpolation, 'nearest'>, { support: number; at: (x: number) => number }> = {
  bilinear: { support: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) },
  // Keys 1981 with a = −1/2, as in PIL
  bicubic: {
    support: 2,
    at: (x) => {
      const t = Math.abs(x)
      if (t < 1) return (1.5 * t - 2.5) * t * t + 1
      return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0
    },
  },
}

/** Weights of each output position along one axis; kernels widen when they shrink, which antialiases, as in PIL. */
function axisWeights(from: number, to: number, interpolation: Interpolation) {
  const scale = from / to
  if (interpolation === 'nearest') {
    // A running sum, as PIL has it: where a position falls on a border between pixels, its rounding decides.
    let position = -scale / 2
    return Array.from({ length: to }, () => {
      position += scale
      return { start: Math.min(from - 1, Math.floor(position)), weights: [1] }
    })
  }
  const { support, at } = kernels[interpolation]
  const stretch = Math.max(1, scale)
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale
    const start = Math.max(0, Math.floor(centre - support * stretch + 0.5))
    const end = Math.min(from, Math.floor(centre + support * stretch + 0.5))
    const raw = Array.from({ length: end - start }, (_, k) => at((start + k + 0.5 - centre) / stretch))
    const total = raw.reduce((sum, weight) => sum + weight, 0)
    return { start, weights: raw.map((weight) => weight / total) }
  })
}

/** Resizes pixels as PIL does: separable, antialiased, rounded to 8 bits after each axis. */
export function resize(pixels: Pixels, height: number, width: number, interpolation: Interpolation): Pixels {
  const { channels } = pixels
  const columns = axisWeights(pixels.width, width, interpolation)
  const horizontal = new Uint8ClampedArray(pixels.height * width * channels)
  for (let y = 0, out = 0; y < pixels.height; y++) {
    const row = y * pixels.width * channels
    for (const { start, weights } of columns) {
      for (let c = 0; c < channels; c++, out++) {
        let sum = 0
        for (let k = 0; k < weights.length; k++) {
          sum += (weights[k] as number) * (pixels.data[row + (start + k) * channels + c] as number)
        }
        horizontal[out] = sum
      }
    }
  }
  const rows = axisWeights(pixels.height, height, interpolation)
  const data = new Uint8ClampedArray(height * width * channels)
  const stride = width * channels
  rows.forEach(({ start, weights }, y) => {
    for (let x = 0; x < stride; x++) {
      let sum = 0
      for (let k = 0; k < weights.length; k++)
        sum += (weights[k] as number) * (horizontal[(start + k) * stride + x] as number)
      data[y * stride + x] = sum
    }
  })
  return { height, width, channels, data: new Uint8Array(data.buffer) }
}

/** Where a centred crop starts: halves go to the even number, as Python's `round` has it in torchvision and timm. */
export function cropOffset(size: number, crop: number): number {
  const half = (size - crop) / 2
  return Number.isInteger(half) ? half : 2 * Math.round(half / 2)
}

/** The rectangle of `height × width` in the middle; what reaches beyond the image is black. */
export function centerCrop(pixels: Pixels, height: number, width: number): Pixels {
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

/** An image of any size → `[inputSize, channels]`, as the model's record says. @throws E_IMAGE when the data do not fill the size. */
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
  const data = new Uint8Array(count * channels)
  for (let i = 0; i < count; i++) {
    if (channels === 3) data.fill(pixels.data[i] as number, 3 * i, 3 * i + 3)
    else {
      const [r = 0, g = 0, b = 0] = pixels.data.subarray(3 * i, 3 * i + 3)
      data[i] = (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16
    }
  }
  return { ...pixels, channels, data }
}
