import { divide, multiply, type SymbolicTensor, sum } from '@convkit/graph'

/** What a loss is computed from. */
export interface LossInputs {
  /** `[n, classes]` */
  readonly logits: SymbolicTensor
  /**
   * `[n, classes]`: the share of each class, 1 for each label where images are not mixed; zeros in rows without an image.
   */
  readonly targets: SymbolicTensor
  /** Whether a row may have shares of several classes. */
  readonly areSoft: boolean
  /** `[n]`: how much a row counts; 0 in rows without an image. */
  readonly sampleWeights: SymbolicTensor
}

/** A loss: data, and a function of symbolic tensors. Anyone can write one. */
export interface Loss {
  readonly name: string
  /** Whether it compares images that have any number of labels; not by default. */
  readonly forSeveralLabels?: boolean
  /** The loss of a batch, averaged over its images: a scalar. */
  build(inputs: LossInputs): SymbolicTensor
  /**
   * What evaluation measures; by default the loss itself. Label smoothing and class weights shape training only, so
   * that losses of validation sets compare between runs, as in timm.
   */
  readonly evaluation?: Loss
}

/**
 * Σ value · sample weight / Σ weight over the rows, each `[n]`: a scalar. `weights` are the sample weights, unless a
 * loss weighs its rows once more.
 */
export function weightedMean(
  values: SymbolicTensor,
  sampleWeights: SymbolicTensor,
  weights: SymbolicTensor = sampleWeights,
): SymbolicTensor {
  return divide(sum(multiply(values, sampleWeights)), sum(weights))
}
