import type { Augmentation } from '@convkit/core'

/** An augmentation of parts: `augmentation({ crop: randomResizedCrop(), transforms: [horizontalFlip()], mix: mixUp() })`. */
export function augmentation({
  name = 'custom',
  transforms = [],
  ...parts
}: Partial<Augmentation>): Augmentation {
  return { name, transforms, ...parts }
}
