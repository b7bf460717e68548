import { kernelsFor } from './pixel-kernels.js'
import type { Pixels } from './preprocessing.js'

/** How many pixels are worked on at once: their lumas add up to less than 2³¹. */
const blockPixels = 2 ** 20

/**
 * An image blended with one level of grey: the level at factor 0, the image at 1, beyond it cut off, as PIL does. The
 * result is written to `into`, new memory by default; it may be the image's own.
 */
export function blendWithLevel(level: number, image: Pixels, factor: number, into?: Uint8Array): Pixels {
  return inBlocks(image, into, (kernels, address, count) => {
    kernels.blendLevel(level, address, count * image.channels, factor)
  })
}

/** A colour image blended with its grey one, as {@link blendWithLevel}; a grey image stays as it is. */
export function blendWithLuma(image: Pixels, factor: number, into?: Uint8Array): Pixels {
  if (image.channels === 1) return image
  return inBlocks(image, into, (kernels, address, count) => kernels.blendLuma(address, count, factor))
}

/** The mean luma (ITU-R 601) of an image, rounded, as PIL has it for contrast. */
export function meanLuma(image: Pixels): number {
  const { channels, data } = image
  let sum = 0
  if (channels === 1) for (let i = 0; i < data.length; i++) sum += data[i] as number
  else
    forBlocks(image, (kernels, address, count) => {
      sum += kernels.sumLuma(address, count)
    })
  return Math.floor((sum * channels) / data.length + 0.5)
}

type Kernels = ReturnType<typeof kernelsFor>
type Work = (kernels: Kernels, address: number, pixels: number, at: number) => void

/** Calls back with each block of an image in the kernels' memory. */
function forBlocks({ data, channels }: Pixels, work: Work): void {
  const length = blockPixels * channels
  for (let at = 0; at < data.length; at += length) {
    const block = data.subarray(at, at + length)
    const kernels = kernelsFor([block.length])
    const [address] = kernels.addresses
    kernels.bytes.set(block, address)
    work(kernels, address, block.length / channels, at)
  }
}

/** The image that kernels make of each block in place. */
function inBlocks(image: Pixels, target: Uint8Array | undefined, work: Work): Pixels {
  const into = target ?? new Uint8Array(image.data.length)
  forBlocks(image, (kernels, address, pixels, at) => {
    work(kernels, address, pixels, at)
    into.set(kernels.bytes.subarray(address, address + pixels * image.channels), at)
  })
  return { ...image, data: into }
}
