import {
  ConvkitError,
  type DatasetFormat,
  type DatasetFormatOptions,
  defineDatasetFormat,
} from '@convkit/core'
import { type CifarOptions, cifar, isCifar } from './formats/cifar.js'
import type { OpenedData } from './formats/data-report.js'
import { isFolder } from './formats/folder-layout.js'
import { type IdxFolderOptions, idxFolder, isIdxFolder } from './formats/idx-folder.js'
import { type ImageFolderOptions, imageFolder } from './formats/image-folder.js'
import { isLabelFile, type LabelFileOptions, labelFile } from './formats/label-file.js'
import { isParquet, type ParquetOptions, parquet } from './formats/parquet.js'
import { isTarShards, type TarShardsOptions, tarShards } from './formats/tar-shards.js'
import { type TarStreamOptions, tarStream } from './formats/tar-stream.js'

/** A format from the function that opens it; it divides the data itself. */
function formatOf<Options extends DatasetFormatOptions>(
  name: string,
  recognizes: DatasetFormat['recognizes'],
  open: (path: string, options: Options) => Promise<OpenedData>,
): DatasetFormat {
  return defineDatasetFormat<Options>({
    name,
    recognizes,
    async open(path, options) {
      const { train, validation, report } = await open(path, options)
      const { validationFrom, skipped, warnings } = report
      return { train, validation, validationFrom, skipped, warnings }
    },
  })
}

/** What `openDataset` knows by itself. */
export const formats: readonly DatasetFormat[] = [
  formatOf<ImageFolderOptions>('image folder', isFolder, imageFolder),
  formatOf<DatasetFormatOptions>('IDX', isIdxFolder, (path, { validation, ...options }) =>
    idxFolder(path, { ...options, validation: shareOf(validation) } satisfies IdxFolderOptions),
  ),
  formatOf<CifarOptions>('CIFAR', isCifar, cifar),
  formatOf<TarShardsOptions>('tar', isTarShards, tarShards),
  // Only where it is named: the paths are those of `tar`.
  formatOf<TarStreamOptions>('tar stream', () => false, tarStream),
  formatOf<ParquetOptions>('parquet', isParquet, parquet),
  formatOf<LabelFileOptions>('label file', isLabelFile, labelFile),
]

function shareOf(validation: DatasetFormatOptions['validation']): number | undefined {
  if (typeof validation !== 'string') return validation
  throw new ConvkitError(
    'E_OPTION',
    `validation must be a share between 0 and 1 for this format: ${validation}`,
  )
}
