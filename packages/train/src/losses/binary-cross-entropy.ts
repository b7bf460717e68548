import {
  abs,
  add,
  cast,
  exp,
  greater,
  log,
  mean,
  multiply,
  negate,
  type SymbolicTensor,
  subtract,
} from '@convkit/graph'
import { requireFraction } from '../require-option.js'
import { classVector } from './class-vector.js'
import { type Loss, weightedMean } from './loss.js'
import { smooth } from './smooth.js'

export interface BinaryCrossEntropyOptions {
  /** The share of each target that is spread evenly over all classes; 0 by default. */
  readonly labelSmoothing?: number
  /** Shares above this are a yes, others a no, as timm's `bce-target-thresh`; shares stay as they are by default. */
  readonly targetThreshold?: number
  /** How much the positive answer of each class counts against the negative one; 1 by default. */
  readonly positiveWeights?: readonly number[]
}

/**
 * Sigmoid cross-entropy, a yes or no a class, as `torch.nn.functional.binary_cross_entropy_with_logits` on one-hot,
 * mixed or several labels: the mean over classes and images (Wightman et al. 2021, ResNet strikes back). Evaluation measures it
 * without smoothing, threshold and weights.
 *
 * @throws E_OPTION for a smoothing or threshold outside of [0, 1), or weights that are negative or not one a class.
 */
export function binaryCrossEntropy(options: BinaryCrossEntropyOptions = {}): Loss {
  const { labelSmoothing = 0, targetThreshold, positiveWeights } = options
  requireFraction('labelSmoothing', labelSmoothing)
  if (targetThreshold !== undefined) requireFraction('targetThreshold', targetThreshold)
  const plain = labelSmoothing === 0 && targetThreshold === undefined && !positiveWeights
  const targetsOf = (shares: SymbolicTensor) => {
    const smoothed = smooth(shares, labelSmoothing)
    return targetThreshold === undefined ? smoothed : cast(greater(smoothed, targetThreshold), 'float32')
  }
  return {
    name: 'binaryCrossEntropy',
    forSeveralLabels: true,
    build({ logits, targets: shares, sampleWeights }) {
      const classes = logits.shape[1] as number
      const targets = targetsOf(shares)
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
    ...(plain ? {} : { evaluation: binaryCrossEntropy() }),
  }
}
