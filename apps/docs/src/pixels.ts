import type { Pixels } from '@convkit/core'

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

/** The colours of a canvas, without its opacity. */
export function readPixels(context: Context): Pixels {
  const { height, width } = context.canvas
  const { data } = context.getImageData(0, 0, width, height)
  return { height, width, channels: 3, data: withoutAlpha(data) }
}

/** Paints RGB pixels onto a canvas of their size. */
export function paintPixels(canvas: HTMLCanvasElement, { height, width, data }: Pixels): void {
  canvas.height = height
  canvas.width = width
  const image = new ImageData(width, height)
  for (let pixel = 0; pixel < height * width; pixel++) {
    image.data.set(data.subarray(3 * pixel, 3 * pixel + 3), 4 * pixel)
    image.data[4 * pixel + 3] = 255
  }
  canvas.getContext('2d')?.putImageData(image, 0, 0)
}

function withoutAlpha(rgba: Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3)
  for (let pixel = 0; pixel < rgba.length / 4; pixel++) {
    rgb.set(rgba.subarray(4 * pixel, 4 * pixel + 3), 3 * pixel)
  }
  return rgb
}
