import type { EvaluatedImages } from '@convkit/core'

/** What a model made of one image. */
export interface ImageAnswer {
  /** Position in the dataset. */
  readonly index: number
  readonly label: number
  readonly predicted: number
  /** Of the predicted class. */
  readonly probability: number
  /** Of the image's own class. */
  readonly labelProbability: number
  /** Cross-entropy. */
  readonly loss: number
}

/** The answers to a batch; none where images have any number of labels. */
export function imageAnswers({ indices, labels, targets, logits }: EvaluatedImages): ImageAnswer[] {
  if (targets || labels.length === 0) return []
  const classes = logits.length / labels.length
  return Array.from(labels, (label, row) => {
    const scores = logits.subarray(row * classes, (row + 1) * classes)
    const predicted = scores.reduce((best, score, at) => (score > (scores[best] as number) ? at : best), 0)
    const highest = scores[predicted] as number
    const logSum = highest + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - highest), 0))
    const loss = logSum - (scores[label] as number)
    return {
      index: indices[row] as number,
      label,
      predicted,
      probability: Math.exp(highest - logSum),
      labelProbability: Math.exp(-loss),
      loss,
    }
  })
}
