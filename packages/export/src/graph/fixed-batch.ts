import { ConvkitError } from '@convkit/graph'

/** That a network cannot be written for batches of any size. */
export const fixedBatch = (what: string) =>
  new ConvkitError(
    'E_EXPORT',
    `This network cannot take batches of any size: ${what} in it depends on the batch in another way than by one size of a shape`,
  )

/** Batch sizes that no size in a network is likely to be: where two graphs differ by them is where the batch counts. */
export const batchProbes = [1009, 1013] as const
