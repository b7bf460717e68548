import type { Dataset, UnreadableImage } from './dataset.js'

/** What is asked of any kind of data; a format leaves out what it has no use for, and may take more. */
export interface DatasetFormatOptions {
  /** A share of the training images, between 0 and 1, or another place of the same format, to validate on. */
  readonly validation?: number | string | undefined
  /** Draws the validation images; 0 by default. */
  readonly seed?: number | undefined
  /** Names of the classes, in order, where the data does not say them. */
  readonly classes?: readonly string[] | undefined
}

/** What a format makes of a path. */
export interface DatasetParts {
  readonly train: Dataset
  /** Where the data is divided by itself; else whoever opens it takes a share of `train`. */
  readonly validation?: Dataset | undefined
  /** Where the validation images come from: a folder or file, or a share of the images drawn with a seed. */
  readonly validationFrom?: string | { readonly fraction: number; readonly seed: number } | undefined
  /** Files, folders and rows that were passed over, and why. */
  readonly skipped?: readonly UnreadableImage[]
  /** Sentences for people. */
  readonly warnings?: readonly string[]
}

/** A way in which labelled images are stored. */
export interface DatasetFormat {
  /** What reports and `format` options call it: `csv`. */
  readonly name: string
  /** Whether a path holds such data, by its name or its first bytes; false where there is nothing. */
  recognizes(path: string): boolean | Promise<boolean>
  /**
   * Opens the data without decoding images.
   *
   * @throws E_NOT_FOUND and others when there is none, or it is not as the format has it.
   */
  // biome-ignore lint/suspicious/noExplicitAny: each format may have options of its own
  open(path: string, options: any): Promise<DatasetParts>
}

/** Checks a format's shape at compile time and returns it unchanged; its options are {@link DatasetFormatOptions} or more. */
export function defineDatasetFormat<Options extends object = DatasetFormatOptions>(format: {
  readonly name: string
  recognizes(path: string): boolean | Promise<boolean>
  open(path: string, options: Options): Promise<DatasetParts>
}): DatasetFormat {
  return format
}
