import { kernelsFor } from './pixel-kernels.js'
import type { Pixels } from './preprocessing.js'

/** How many pixels are worked on at once: their lumas add up to less than 2³¹. */
const blockPixels = 2 ** 20

/** A blend of an image with another one: that one at factor 0, the image itself at 1, beyond it cut off, as PIL does. */
export interface Blend {
  /** A level of grey; the mean `luma` (ITU-R 601) of the image, rounded, as PIL has it for contrast; or its grey image. */
  readonly with: number | 'mean luma' | 'luma'
  readonly factor: number
}

/**
 * One blend after the other, each of what the one before has made. A grey image is its own `luma`. The result is written to
 * `into`, new memory by default; it may be the image's own.
 */
export function blendInTurn(
  image: Pixels,
  blends: readonly Blend[],
  into: Uint8Array = new Uint8Array(image.data.length),
): Pixels {
  const { data, channels } = image
  const blended = { ...image, data: into }
  if (data.length <= blockPixels * channels) {
    forBlocks(image, (block) => {
      for (const blend of blends) blendBlock(block, channels, blend)
      into.set(block.kernels.bytes.subarray(block.address, block.address + data.length))
    })
    return blended
  }
  // A mean is that of all blocks
  let source = image
  for (const { with: other, factor } of blends) {
    const blend = { with: other === 'mean luma' ? meanLuma(source) : other, factor }
    forBlocks(source, (block, at) => {
      const { kernels, address, pixels } = block
      blendBlock(block, channels, blend)
      into.set(kernels.bytes.subarray(address, address + pixels * channels), at)
    })
    source = blended
  }
  return blended
}

/**
 * Hues turned by `turns` · 360°, from −½ to ½, in new memory or that of `into`; a grey image stays as it is. As PIL's
 * conversions to HSV and back have it, hue, saturation and value are rounded to a byte in between, so a turn of 0 changes
 * colours slightly.
 */
export function turnHue(image: Pixels, turns: number, into?: Uint8Array): Pixels {
  if (image.channels === 1) return image
  const shift = Math.trunc(turns * 255) & 255
  const turned = into ?? new Uint8Array(image.data.length)
  forBlocks(image, ({ kernels, address, pixels }, at) => {
    kernels.turnHue(address, pixels, shift)
    turned.set(kernels.bytes.subarray(address, address + 3 * pixels), at)
  })
  return { ...image, data: turned }
}

/** The mean luma (ITU-R 601) of an image, rounded, as PIL has it for contrast. */
function meanLuma(image: Pixels): number {
  const { channels, data } = image
  let sum = 0
  forBlocks(image, (block) => {
    sum += sumOfLumas(block, channels)
  })
  return roundedMean(sum, data.length / channels)
}

const roundedMean = (sum: number, count: number) => Math.floor(sum / count + 0.5)

/** Pixels of an image in the kernels' memory. */
interface Block {
  readonly kernels: ReturnType<typeof kernelsFor>
  readonly address: number
  readonly pixels: number
}

/** Blends a block in place. */
function blendBlock(block: Block, channels: number, { with: other, factor }: Blend): void {
  const { kernels, address, pixels } = block
  if (other === 'luma') {
    if (channels === 3) kernels.blendLuma(address, pixels, factor)
    return
  }
  const level = other === 'mean luma' ? roundedMean(sumOfLumas(block, channels), pixels) : other
  kernels.blendLevel(level, address, pixels * channels, factor)
}

function sumOfLumas({ kernels, address, pixels }: Block, channels: number): number {
  if (channels === 3) return kernels.sumLuma(address, pixels)
  return kernels.bytes.subarray(address, address + pixels).reduce((sum, level) => sum + level, 0)
}

/** Calls back with each block of an image, and where in the image's data it begins. */
function forBlocks({ data, channels }: Pixels, work: (block: Block, at: number) => void): void {
  const length = blockPixels * channels
  for (let at = 0; at < data.length; at += length) {
    const part = data.subarray(at, at + length)
    const kernels = kernelsFor([part.length])
    const [address] = kernels.addresses
    kernels.bytes.set(part, address)
    work({ kernels, address, pixels: part.length / channels }, at)
  }
}
