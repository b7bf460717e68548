import { abs, add, exp, log, mean, multiply, negate, oneHot, subtract } from '@convkit/graph'
import { classVector } from './class-vector.js'
import { type Loss, weightedMean } from './loss.js'

export interface BinaryCrossEntropyOptions {
  /** How much the positive answer of each class counts against the negative one; 1 by default. */
  readonly positiveWeights?: readonly number[]
}

/**
 * Sigmoid cross-entropy, a yes or no a class, as `torch.nn.functional.binary_cross_entropy_with_logits` on one-hot
 * labels: the mean over classes and images (Wightman et al. 2021, ResNet strikes back). Evaluation measures it
 * without weights.
 *
 * @throws E_OPTION for weights that are negative or not one a class.
 */
export function binaryCrossEntropy({ positiveWeights }: BinaryCrossEntropyOptions = {}): Loss {
  return {
    name: 'binaryCrossEntropy',
    build({ logits, labels, sampleWeights }) {
      const classes = logits.shape[1] as number
      const targets = oneHot(labels, classes)
      // −log σ(x) = log(1 + e^−|x|) + max(−x, 0). A maximum has no slope of ½ at 0, where new heads start: |x| has.
      const size = abs(logits)
      const softplus = add(log(add(exp(negate(size)), 1)), multiply(subtract(size, logits), 0.5))
      const negative = multiply(subtract(1, targets), logits)
      const positive = positiveWeights
        ? add(multiply(targets, subtract(classVector('positiveWeights', positiveWeights, classes), 1)), 1)
        : undefined
      const losses = add(negative, positive ? multiply(positive, softplus) : softplus) // [n, classes]
      return weightedMean(mean(losses, { axes: [-1] }), sampleWeights)
    },
    ...(positiveWeights ? { evaluation: binaryCrossEntropy() } : {}),
  }
}
