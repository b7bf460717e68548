import type { FloatTensor, Logs, Pixels } from '@convkit/core'

/** Everything that a report shows; what is left out has no section. */
export interface ReportData {
  /** Such as the folder of the run. */
  readonly title: string
  /** A line below it: the network and the images. */
  readonly subtitle: string
  /** Large numbers at the top: label and value. */
  readonly figures: readonly ReportFigure[]
  readonly warnings?: readonly string[]
  /** Logs of the epochs. */
  readonly history: readonly Logs[]
  /** The best epoch, from 1. */
  readonly best?: number
  /** Logs of single steps, from 1. */
  readonly steps?: readonly StepLogs[]
  /** The test that gave the learning rate: what the loss did as the rate grew. */
  readonly rates?: RateTest | undefined
  readonly validation?: ValidationData
  /** The images with the largest losses, the worst first. */
  readonly worst?: readonly WorstImage[]
  /** Training images as the network sees them, one picture. */
  readonly samples?: { readonly picture: Pixels; readonly caption: string }
  /** Tables at the end: settings, versions. */
  readonly records?: readonly { readonly title: string; readonly values: Readonly<Record<string, string>> }[]
}

export interface ReportFigure {
  readonly label: string
  readonly value: string
  /** A smaller line below it, such as an interval. */
  readonly note?: string
}

export interface StepLogs {
  readonly step: number
  readonly loss: number
  readonly lr: number
}

/** A learning-rate range test. */
export interface RateTest {
  /** In the order of the steps. */
  readonly points: readonly {
    readonly learningRate: number
    readonly loss: number
    readonly smoothed: number
  }[]
  readonly suggestion?: number | undefined
}

/** What the model made of the validation images. */
export interface ValidationData {
  readonly classes: readonly string[]
  /** Images by label (rows) and prediction (columns). */
  readonly confusion: readonly (readonly number[])[]
  readonly perClass: readonly {
    readonly label: string
    readonly precision: number
    readonly recall: number
    readonly f1: number
    readonly images: number
  }[]
  /** Each image's probability of the predicted class, and whether that is its own. */
  readonly answers: readonly Answer[]
}

export interface Answer {
  readonly probability: number
  readonly isCorrect: boolean
}

export interface WorstImage {
  readonly picture: Pixels
  /** Where in the picture the network sees the predicted class: `[h, w]`, values in [0, 1]. */
  readonly attention?: FloatTensor | undefined
  readonly path: string
  readonly label: string
  readonly predicted: string
  /** Of the predicted class. */
  readonly probability: number
  readonly loss: number
}
