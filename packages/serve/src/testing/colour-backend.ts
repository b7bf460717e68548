import { type ConvkitError, imagenetPreprocessing } from '@convkit/core'
import sharp from 'sharp'
import type { Backend } from '../backend/backend.js'

export const side = 4
export const classes = ['red', 'green', 'blue'] as const
export type Colour = (typeof classes)[number]

export interface ColourBackend extends Backend {
  /** Images of each call so far. */
  readonly calls: number[]
  /** Calls wait until `resume`. */
  pause(): void
  resume(): void
  /** Ends the backend, as a process that is killed. */
  fail(error: ConvkitError): void
  readonly isDisposed: boolean
}

/** Names the colour that an image of 4 × 4 pixels has most of: logits are the means of its channels. */
export function colourBackend(batchSizes: readonly number[] = [1, 4]): ColourBackend {
  const calls: number[] = []
  let paused = Promise.resolve()
  let resume = () => {}
  let isDisposed = false
  let lost: ConvkitError | undefined
  let fail: (error: ConvkitError) => void = () => {}
  const failed = new Promise<ConvkitError>((resolve) => {
    fail = (error) => {
      lost = error
      resolve(error)
    }
  })
  return {
    model: {
      name: 'colours',
      classes,
      preprocessing: { ...imagenetPreprocessing, inputSize: [side, side], cropPct: 1 },
      severalLabels: false,
      engine: 'none',
    },
    batchSizes,
    calls,
    failed,
    fail: (error) => fail(error),
    get isDisposed() {
      return isDisposed
    },
    pause() {
      paused = new Promise((resolve) => {
        resume = resolve
      })
    },
    resume: () => resume(),
    async infer(images) {
      const count = images.length / (side * side * 3)
      calls.push(count)
      await paused
      if (lost) throw lost
      const logits = new Float32Array(count * 3)
      for (const [i, value] of images.entries()) {
        const image = Math.floor(i / (side * side * 3))
        logits[3 * image + (i % 3)] = (logits[3 * image + (i % 3)] as number) + value / (side * side)
      }
      const sums = Array.from({ length: count }, (_, row) =>
        logits.subarray(3 * row, 3 * row + 3).reduce((sum, value) => sum + value, 0),
      )
      return {
        logits,
        probabilities: logits.map((value, i) => value / (sums[Math.floor(i / 3)] || 1)),
      }
    },
    async dispose() {
      isDisposed = true
    },
  }
}

/** Pixels of one colour, uint8 `[4, 4, 3]`. */
export function pixels(colour: Colour): Uint8Array {
  const channel = classes.indexOf(colour)
  return Uint8Array.from({ length: side * side * 3 }, (_, i) => (i % 3 === channel ? 240 : 30))
}

/** The same as a PNG, larger than the input. */
export function png(colour: Colour, side = 16): Promise<Buffer> {
  const [r = 0, g = 0, b = 0] = pixels(colour)
  return sharp({ create: { width: side, height: side, channels: 3, background: { r, g, b } } })
    .png()
    .toBuffer()
}
