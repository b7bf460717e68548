import {
  type Augmentation,
  type AugmentOptions,
  type Batch,
  mixBatch,
  type Preprocessing,
} from '@convkit/core'
import { imageFiles } from '@convkit/data'
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

/** Images as training sees them, side by side. Those of a column are one batch, so they are mixed with each other. */
export async function contactSheet(files: readonly string[], options: ContactSheetOptions): Promise<Sharp> {
  const { preprocessing, columns, rows } = options
  const [height, width] = preprocessing.inputSize
  const cells = await cellsOf(files, options)
  const sheet = { height: rows * (height + gap) + gap, width: columns * (width + gap) + gap }
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
  return sharp(data, { raw: { ...sheet, channels: 3 } })
}

/** The pictures of each column, from top to bottom: what the loader gives for images in epochs. One image at a time is decoded. */
async function cellsOf(
  files: readonly string[],
  { augmentation, preprocessing, columns, rows, seed }: ContactSheetOptions,
): Promise<Uint8Array[][]> {
  const batches = Array.from({ length: columns }, () => emptyBatch(rows, preprocessing))
  const augmentOf = (column: number): AugmentOptions | undefined =>
    column === 0 ? undefined : { augmentation, seed, epoch: column - 1 }
  const shown = files.slice(0, rows)
  const dataset = imageFiles({ paths: shown, classes: ['image'], labels: shown.map(() => 0) })
  for (let image = 0; image < shown.length; image++) {
    for (let row = image; row < rows; row += files.length) {
      for (const [column, batch] of batches.entries()) {
        const augment = augmentOf(column)
        const input = await dataset.input(image, preprocessing, { ...(augment && { augment }), draw: row })
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
