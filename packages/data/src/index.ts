import { definePlugin } from '@convkit/core'
import { formats } from './formats.js'

export { cachedInputs } from './dataset/cached-inputs.js'
export { type CheckImagesOptions, checkImages, type ImageCheck } from './dataset/check-images.js'
export { type DatasetDefinition, defineDataset, type ImageDataset } from './dataset/define-dataset.js'
export { type Split, splitDataset, stratifiedSplit } from './dataset/split.js'
export { subset, withoutUnreadable } from './dataset/subset.js'
export { arrayDataset } from './formats/array-dataset.js'
export type { DataReport, OpenedData } from './formats/data-report.js'
export { type ImageFiles, imageFiles } from './formats/encoded-images.js'
export { type IdxArray, type IdxOptions, idx, parseIdx } from './formats/idx.js'
export { type IdxFolderOptions, idxFolder } from './formats/idx-folder.js'
export { type ImageFolderOptions, imageFolder } from './formats/image-folder.js'
export { type LabelFileOptions, labelFile } from './formats/label-file.js'
export type { LabelColumns } from './formats/label-row.js'
export { imageExtensions, type SkippedPath } from './formats/list-images.js'
export type { ImageInput } from './images/image-source.js'
export type { ImageOptions } from './images/open-image.js'
export { type ReadImageOptions, readImage } from './images/read-image.js'
export { type OpenDatasetOptions, openDataset } from './open-dataset.js'

/** The formats that `openDataset` knows by itself. */
export default definePlugin({ name: '@convkit/data', datasets: formats })
