import {
  type Augmentation,
  type AugmentOptions,
  type Batch,
  mixBatch,
  type Pixels,
  type Preprocessing,
} from '@convkit/core'
import { type ImageDataset, imageFiles } from '@convkit/data'
import sharp, { type Sharp } from 'sharp'

export interface ContactSheetOptions {
  readonly augmentation: Augmentation
  readonly preprocessing: Preprocessing
  /** The first one is what evaluation sees, each other one an epoch. */
  readonly columns: number
  /** An image each, from the first on again where there are more rows. */
  readonly rows: number
  readonly seed: number
}

/** White pixels between pictures. */
const gap = 4

/** Files as training sees them, side by side. Those of a column are one batch, so they are mixed with each other. */
export async function contactSheet(files: readonly string[], options: ContactSheetOptions): Promise<Sharp> {
  const shown = files.slice(0, options.rows)
  const dataset = imageFiles({ paths: shown, classes: ['image'], labels: shown.map(() => 0) })
  const indices = shown.map((_, index) => index)
  const { data, height, width } = await sheetOf(dataset, indices, options)
  return sharp(data, { raw: { height, width, channels: 3 } })
}

/** Images of a dataset so, a row for each index. */
export async function sheetOf(
  dataset: ImageDataset,
  shown: readonly number[],
  options: ContactSheetOptions,
): Promise<Pixels> {
  return laidOut(await cellsOf(dataset, shown, options), options.preprocessing)
}

/** Images of a dataset as evaluation sees them, so many in a row. */
export async function plainSheet(
  dataset: ImageDataset,
  shown: readonly number[],
  preprocessing: Preprocessing,
  columns: number,
): Promise<Pixels> {
  const augmentation = { name: 'none', transforms: [] }
  const options = { augmentation, preprocessing, columns: 1, rows: shown.length, seed: 0 }
  const [cells = []] = await cellsOf(dataset, shown, options)
  const column = (at: number) => cells.filter((_, index) => index % columns === at)
  return laidOut(
    Array.from({ length: Math.min(columns, cells.length) }, (_, at) => column(at)),
    preprocessing,
  )
}

/** Columns of pictures side by side, on white. */
function laidOut(
  cells: readonly (readonly Uint8Array[])[],
  { inputSize: [height, width] }: Preprocessing,
): Pixels {
  const rows = Math.max(...cells.map(({ length }) => length))
  const sheet = { height: rows * (height + gap) + gap, width: cells.length * (width + gap) + gap }
  const data = new Uint8Array(sheet.height * sheet.width * 3).fill(255)
  cells.forEach((column, x) => {
    column.forEach((cell, y) => {
      const [top, left] = [gap + y * (height + gap), gap + x * (width + gap)]
      for (let line = 0; line < height; line++) {
        const from = line * width * 3
        data.set(cell.subarray(from, from + width * 3), ((top + line) * sheet.width + left) * 3)
      }
    })
  })
  return { ...sheet, channels: 3, data }
}

/** The pictures of each column, from top to bottom: what the loader gives for images in epochs. One image at a time is decoded. */
async function cellsOf(
  dataset: ImageDataset,
  shown: readonly number[],
  { augmentation, preprocessing, columns, rows, seed }: ContactSheetOptions,
): Promise<Uint8Array[][]> {
  const batches = Array.from({ length: columns }, () => emptyBatch(rows, preprocessing))
  const augmentOf = (column: number): AugmentOptions | undefined =>
    column === 0 ? undefined : { augmentation, seed, epoch: column - 1 }
  for (const [image, index] of shown.entries()) {
    for (let row = image; row < rows; row += shown.length) {
      for (const [column, batch] of batches.entries()) {
        const augment = augmentOf(column)
        // an image that comes again is drawn anew
        const draw = row < shown.length ? index : row
        const input = await dataset.input(index, preprocessing, { ...(augment && { augment }), draw })
        put(batch, row, input, image)
      }
    }
  }
  return batches.map((batch, column) => {
    const augment = augmentOf(column)
    const { images } = augment ? mixBatch(batch, augment, 0) : batch
    const length = images.length / rows
    return Array.from({ length: rows }, (_, row) => images.subarray(row * length, (row + 1) * length))
  })
}

function emptyBatch(size: number, { inputSize: [height, width], channels }: Preprocessing): Batch {
  return {
    images: new Uint8Array(size * height * width * channels),
    size,
    count: size,
    height,
    width,
    channels,
    labels: new Int32Array(size),
    indices: new Int32Array(size),
  }
}

function put({ images, labels, indices }: Batch, row: number, data: Uint8Array, label: number): void {
  images.set(data, row * data.length)
  labels[row] = label
  indices[row] = row
}
