import type { Pixels, Prediction } from '@convkit/core'
import type { TrainOptions } from './train-shapes.js'

/** What the page asks of its worker. */
export type Request =
  | { readonly kind: 'train'; readonly options: TrainOptions; readonly seed: number }
  | { readonly kind: 'stop' }
  | { readonly kind: 'predict'; readonly id: number; readonly images: readonly Pixels[] }

/** What the worker says. */
export type Report =
  | { readonly kind: 'began'; readonly engine: string; readonly parameters: number; readonly steps: number }
  | { readonly kind: 'step'; readonly step: number; readonly loss: number }
  | {
      readonly kind: 'epoch'
      readonly epoch: number
      readonly top1: number
      readonly imagesPerSecond: number
    }
  | { readonly kind: 'trained' }
  | {
      readonly kind: 'predicted'
      readonly id: number
      readonly predictions: readonly (readonly Prediction[])[]
    }
  | { readonly kind: 'failed'; readonly message: string }
