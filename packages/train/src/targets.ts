import type { Trace } from '@convkit/core'
import {
  add,
  cast,
  greater,
  input,
  multiply,
  oneHot,
  reshape,
  type SymbolicTensor,
  subtract,
} from '@convkit/graph'

/** Labels are an input; rows without an image, which are labelled −1, weigh nothing. */
export function batchInputs({ batchSize }: Trace) {
  const labels = input('labels', [batchSize], 'int32')
  return { labels, sampleWeights: cast(greater(cast(labels, 'float32'), -0.5), 'float32') }
}

/** The label's class alone, `[n, classes]`. */
export function plainTargets({ logits }: Trace, labels: SymbolicTensor) {
  return { inputs: {}, targets: oneHot(labels, logits.shape[1] as number) }
}

/** Any number of labels an image, `[n, classes]`: an input. */
export function severalTargets({ batchSize, logits }: Trace) {
  const targets = input('targets', [batchSize, logits.shape[1] as number])
  return { inputs: { targets }, targets }
}

/** Row `i` has the target `shares[i]` of its own label, and the rest of `mixed_labels[i]`: `[n, classes]`. */
export function mixedTargets({ batchSize, logits }: Trace, labels: SymbolicTensor) {
  const mixed_labels = input('mixed_labels', [batchSize], 'int32')
  const shares = input('shares', [batchSize])
  const classes = logits.shape[1] as number
  const own = reshape(shares, [batchSize, 1])
  const targets = add(
    multiply(oneHot(labels, classes), own),
    multiply(oneHot(mixed_labels, classes), subtract(1, own)),
  )
  return { inputs: { mixed_labels, shares }, targets }
}
