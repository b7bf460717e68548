import type { FloatTensor, Model } from '@convkit/core'
import { foldBatchNorm, input, type Program, rewrite, type SymbolicTensor, transpose } from '@convkit/graph'
import { expandBatchNorm } from './expand-batch-norm.js'
import { foldConstants } from './fold-constants.js'

/**
 * What an exported model takes.
 *
 * - `normalized`: float32 images of the model's input size, of which mean and standard deviation were taken already.
 * - `pixels`: uint8 images `[n, h, w, c]` of the model's input size.
 * - `image`: uint8 images `[n, height, width, c]` of any height and width, which the model scales and crops itself.
 */
export const modelInputs = ['normalized', 'pixels', 'image'] as const
export type ModelInput = (typeof modelInputs)[number]

/** What the network of an exported model takes, after the scaling that may be part of it. */
export type NetworkInput = Exclude<ModelInput, 'image'>

export interface InferenceGraphOptions {
  readonly input: NetworkInput
  /** Order of the axes of normalised images: `[n, c, h, w]` or `[n, h, w, c]`. Pixels are always the latter. */
  readonly channels: 'first' | 'last'
  readonly batchSize: number
  /** Whether batch-norms that are not part of a convolution become a product and a sum; false by default. */
  readonly expandBatchNorm?: boolean
}

/** A network for prediction alone: one signature `infer`, from `image` to `logits`, and the weights it reads. */
export interface InferenceGraph {
  readonly program: Program
  weight(name: string): FloatTensor
}

/** The names that exported models have for what goes in and comes out. */
export const inputName = 'image'
export const outputName = 'logits'

/** Traces a model, with batch-norms folded into the convolutions before them. */
export function inferenceGraph(model: Model, options: InferenceGraphOptions): InferenceGraph {
  const { image, logits } = traceFor(model, options)
  const folded = foldBatchNorm([logits])
  const { tensors, weight } = foldConstants(
    options.expandBatchNorm ? expandBatchNorm(folded) : folded,
    model.weights,
  )
  return {
    program: {
      state: {},
      signatures: {
        infer: {
          inputs: { [inputName]: image },
          outputs: { [outputName]: tensors[0] as SymbolicTensor },
          updates: {},
        },
      },
    },
    weight,
  }
}

function traceFor(model: Model, { input: kind, channels, batchSize }: InferenceGraphOptions) {
  const traced = model.trace({ batchSize, mode: 'infer' })
  if (kind === 'pixels') return traced
  const { normalized } = traced
  const [n = 1, h = 1, w = 1, c = 1] = normalized.shape
  const image = input(inputName, channels === 'first' ? [n, c, h, w] : [n, h, w, c])
  const channelsLast = channels === 'first' ? transpose(image, [0, 2, 3, 1]) : image
  const [logits] = rewrite([traced.logits], (node) =>
    node === normalized.node ? [channelsLast] : undefined,
  ) as [SymbolicTensor]
  return { image, logits }
}
