import { logSoftmax, multiply, negate, sum } from '@convkit/graph'
import { requireFraction } from '../require-option.js'
import { classVector } from './class-vector.js'
import { type Loss, weightedMean } from './loss.js'
import { smooth } from './smooth.js'

export interface CrossEntropyOptions {
  /** The share of each target that is spread evenly over all classes; 0 by default (Szegedy et al. 2016). */
  readonly labelSmoothing?: number
  /** How much each class counts; the loss is then a weighted mean. All alike by default. */
  readonly classWeights?: readonly number[]
}

/**
 * Softmax cross-entropy with the semantics of `torch.nn.functional.cross_entropy`, also where smoothing and weights
 * meet: Σ w(y)·loss / Σ w(y), and class k of the smoothed part counts w(k). Where images are mixed, class k of each
 * target counts w(k), and images alike. Evaluation measures it without either.
 *
 * @throws E_OPTION for a smoothing outside of [0, 1) or weights that are negative or not one a class.
 */
export function crossEntropy({ labelSmoothing = 0, classWeights }: CrossEntropyOptions = {}): Loss {
  requireFraction('labelSmoothing', labelSmoothing)
  const plain = labelSmoothing === 0 && !classWeights
  return {
    name: 'crossEntropy',
    build({ logits, targets, areSoft, sampleWeights }) {
      const classes = logits.shape[1] as number
      const overClasses = { axes: [-1] }
      const likelihoods = multiply(logSoftmax(logits), smooth(targets, labelSmoothing)) // [n, classes]
      if (!classWeights) return weightedMean(negate(sum(likelihoods, overClasses)), sampleWeights)

      const weights = classVector('classWeights', classWeights, classes)
      const losses = negate(sum(multiply(likelihoods, weights), overClasses)) // [n]
      if (areSoft) return weightedMean(losses, sampleWeights)
      return weightedMean(
        losses,
        sampleWeights,
        multiply(sum(multiply(targets, weights), overClasses), sampleWeights),
      )
    },
    ...(plain ? {} : { evaluation: crossEntropy() }),
  }
}
