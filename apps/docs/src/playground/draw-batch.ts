import {
  type Augmentation,
  augmentedInput,
  type Batch,
  imagenetPreprocessing,
  mixBatch,
  type Pixels,
  type Preprocessing,
  preprocess,
} from '@convkit/core'

export interface DrawOptions {
  readonly augmentation: Augmentation
  readonly seed: number
  /** Images to draw. */
  readonly count: number
  /** Side of the network's input in pixels. */
  readonly size: number
}

/** What evaluation sees of an image, and what training sees of it in its first epochs, mixed where the recipe mixes. */
export async function drawBatch(
  image: Pixels,
  options: DrawOptions,
): Promise<readonly [Pixels, ...Pixels[]]> {
  const { augmentation, seed, count, size } = options
  const preprocessing: Preprocessing = { ...imagenetPreprocessing, inputSize: [size, size] }
  const drawn: Pixels[] = []
  for (let epoch = 0; epoch < count; epoch++) {
    drawn.push(await augmentedInput(image, preprocessing, { augmentation, seed, epoch }, 0))
  }
  const batch = batchOf(drawn)
  mixBatch(batch, { augmentation, seed, epoch: 0 }, 0)
  return [preprocess(image, preprocessing), ...imagesOf(batch)]
}

function batchOf(images: readonly Pixels[]): Batch {
  const [{ height = 0, width = 0, channels = 3 } = {}] = images
  const data = new Uint8Array(images.length * height * width * channels)
  images.forEach((image, index) => {
    data.set(image.data, index * image.data.length)
  })
  const indices = Int32Array.from(images, (_, index) => index)
  const labels = new Int32Array(images.length)
  return { images: data, size: images.length, count: images.length, height, width, channels, labels, indices }
}

function imagesOf({ images, size, height, width }: Batch): Pixels[] {
  const length = images.length / size
  return Array.from({ length: size }, (_, index) => ({
    height,
    width,
    channels: 3,
    data: images.slice(index * length, (index + 1) * length),
  }))
}
