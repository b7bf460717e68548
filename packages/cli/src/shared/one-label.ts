import { ConvkitError, type Dataset } from '@convkit/core'

/** @throws E_DATASET when images have any number of labels. */
export function requireOneLabel(data: string, { targets }: Dataset): void {
  if (!targets) return
  throw new ConvkitError(
    'E_DATASET',
    `${data} has images of several labels, which this command does not take: give each image one label, or train with fit of @convkit/train`,
  )
}
