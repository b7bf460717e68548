import { parseAugmentation } from '@convkit/augment'
import type { Augmentation, Registry } from '@convkit/core'
import type { Report } from '../shared/report.js'
import type { TrainConfig } from './config.js'
import type { RunData } from './data.js'

/** From how many pixels of their shorter side on images are photos. */
const photoSide = 64

/** Photos are changed lightly; digits and icons, whose mirror image may be another class, are not. */
export function defaultAugment({ shorterSide }: Pick<RunData, 'shorterSide'>): string {
  return shorterSide && shorterSide.median >= photoSide ? 'light' : 'none'
}

/**
 * The augmentation of a config; undefined where it has none or changes nothing.
 *
 * @throws E_UNKNOWN_AUGMENTATION, E_AUGMENTATION, E_OPTION.
 */
export function augmentationOf({ augment }: TrainConfig, registry: Registry): Augmentation | undefined {
  if (augment === undefined) return undefined
  const augmentation = parseAugmentation(augment, registry, 'augment')
  const { crop, transforms, mix } = augmentation
  return crop || transforms.length > 0 || mix ? augmentation : undefined
}

/** `Augment  light: crop, horizontal-flip, color-jitter` */
export function printAugmentation(augmentation: Augmentation | undefined, report: Report): void {
  if (!augmentation) return
  const { name, crop, transforms, mix } = augmentation
  const parts = [
    ...(crop ? ['crop'] : []),
    ...transforms.map((part) => part.name),
    ...(mix ? [mix.name] : []),
  ]
  report.line('Augment', `${name}: ${parts.join(', ')}`)
}
