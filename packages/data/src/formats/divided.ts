import type { DatasetFormatOptions, DatasetParts } from '@convkit/core'
import type { ImageDataset } from '../dataset/define-dataset.js'
import { splitDataset } from '../dataset/split.js'
import { asImageDataset } from '../dataset/subset.js'
import { type DataReport, type OpenedData, opened } from './data-report.js'

/**
 * The parts of a format with their report. Where the data is not divided by itself, a share of each class's images is
 * for validation, if one is asked for.
 *
 * @throws E_OPTION when the share is not between 0 and 1.
 */
export function divided(
  source: Pick<DataReport, 'path' | 'format'>,
  parts: DatasetParts,
  { validation: wanted, seed = 0 }: Pick<DatasetFormatOptions, 'validation' | 'seed'>,
): OpenedData<ImageDataset> {
  const { validationFrom, skipped = [], warnings = [] } = parts
  const train = asImageDataset(parts.train)
  const validation = parts.validation && asImageDataset(parts.validation)
  const fraction = typeof wanted === 'number' ? wanted : 0
  if (validation) {
    const isIgnored = fraction !== 0 && typeof validationFrom !== 'object'
    const unused = `validation ${fraction} has no effect: ${validationFrom ?? source.path} holds the validation images`
    const more = { skipped, warnings: isIgnored ? [...new Set([...warnings, unused])] : warnings }
    return opened(source, { train, validation }, { ...(validationFrom && { validationFrom }), ...more })
  }
  if (fraction === 0) return opened(source, { train }, { skipped, warnings })
  const more = { validationFrom: { fraction, seed }, skipped, warnings }
  return opened(source, splitDataset(train, fraction, seed), more)
}
