import type { Pixels } from '@convkit/core'
import { readPixels } from '../pixels.js'
import { paintScene } from './scene.js'

/** Photos are held at this side at most: more would be lost on an input of 224 pixels. */
const largestSide = 1024

/** A generated picture. */
export function scenePhoto(seed: number): Pixels {
  const context = newContext()
  paintScene(context, seed)
  return readPixels(context)
}

/** A photo from a file, upright. Throws where the browser cannot read it. */
export async function readPhoto(file: Blob): Promise<Pixels> {
  const bitmap = await createImageBitmap(file)
  const scale = Math.min(1, largestSide / Math.max(bitmap.width, bitmap.height))
  const context = newContext()
  context.canvas.width = Math.max(1, Math.round(scale * bitmap.width))
  context.canvas.height = Math.max(1, Math.round(scale * bitmap.height))
  context.drawImage(bitmap, 0, 0, context.canvas.width, context.canvas.height)
  bitmap.close()
  return readPixels(context)
}

function newContext(): CanvasRenderingContext2D {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('This browser has no 2D canvas')
  return context
}
