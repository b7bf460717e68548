import type { Answer } from './report-data.js'

/** Images whose probability of the predicted class falls into one part of [0, 1]. */
export interface CalibrationBin {
  readonly from: number
  readonly to: number
  readonly images: number
  /** Mean probability of the predicted class; NaN without images. */
  readonly confidence: number
  /** Share of the images that are of the predicted class; NaN without images. */
  readonly accuracy: number
}

export interface Calibration {
  readonly bins: readonly CalibrationBin[]
  /** Expected calibration error: the mean distance of confidence and accuracy, each bin by its images; NaN without any. */
  readonly error: number
}

/** How far probabilities are what they say, in bins of equal width (Guo et al. 2017, section 2). */
export function calibration(answers: readonly Answer[], count = 15): Calibration {
  const groups = Array.from({ length: count }, (): Answer[] => [])
  for (const answer of answers) {
    const bin = Math.min(count - 1, Math.max(0, Math.ceil(answer.probability * count) - 1))
    groups[bin]?.push(answer)
  }
  const bins = groups.map((group, i) => ({
    from: i / count,
    to: (i + 1) / count,
    images: group.length,
    confidence: mean(group.map(({ probability }) => probability)),
    accuracy: mean(group.map(({ isCorrect }) => Number(isCorrect))),
  }))
  const distances = bins.map(({ images, confidence, accuracy }) =>
    images === 0 ? 0 : images * Math.abs(confidence - accuracy),
  )
  return { bins, error: distances.reduce((sum, distance) => sum + distance, 0) / answers.length }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
