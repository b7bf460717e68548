import { type Pixels, random } from '@convkit/core'
import { readPixels } from '../pixels.js'
import { drawnDataset } from './drawn-dataset.js'
import { drawShape, shapes } from './shapes.js'

/** Side of a drawing, and of the network's input, in pixels. */
export const drawingSize = 28

/** Drawings of all shapes in turn; the same for the same seed and name. */
export function drawings(count: number, seed: number, name: string): { images: Pixels[]; labels: number[] } {
  const context = new OffscreenCanvas(drawingSize, drawingSize).getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('This browser has no 2D canvas outside of the page')
  const labels = Array.from({ length: count }, (_, index) => index % shapes.length)
  const images = labels.map((label, index) => {
    drawShape(context, shapes[label] ?? shapes[0], random(seed, name, index))
    return readPixels(context)
  })
  return { images, labels }
}

/** {@link drawings} to train on. */
export function shapeDataset(count: number, seed: number, name: string) {
  const { images, labels } = drawings(count, seed, name)
  return drawnDataset(images, labels, shapes)
}
