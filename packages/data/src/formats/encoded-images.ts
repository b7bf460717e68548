import { createHash } from 'node:crypto'
import { type DatasetDefinition, defineDataset, type ImageDataset } from '../dataset/define-dataset.js'
import { checkImage } from '../images/check-image.js'
import { type DecodedCacheChoice, decodedCache } from '../images/decoded-cache.js'
import { type ImageHeader, imageHeader } from '../images/image-header.js'
import { fileSource, type ImageSource, loaded } from '../images/image-source.js'
import { limiter } from '../images/limiter.js'
import { networkInput } from '../images/network-input.js'
import type { ImageOptions } from '../images/open-image.js'
import { decode } from '../images/read-image.js'
import { type CropSource, trainingCrop } from '../images/training-crop.js'
import { threadCount } from '../threads/decoding-threads.js'
import { withSharedMemory } from '../threads/shared-memory.js'

/** What datasets of encoded images have in common. */
export interface DecodingOptions extends ImageOptions {
  /** How many batches are decoded ahead; 2 by default. */
  readonly prefetch?: number
  /** Keeps decoded images for later crops; as far as a quarter of the free memory goes by default. */
  readonly decodedCache?: DecodedCacheChoice
}

export interface EncodedImages
  extends DecodingOptions,
    Pick<DatasetDefinition, 'classes' | 'labels' | 'targets' | 'weights' | 'blocks' | 'path'> {
  /** Whether headers are remembered, which takes memory for each image; true by default. */
  readonly keepsHeaders?: boolean
  /** Where the file of an image is. */
  source(index: number): ImageSource
}

/** As many as keep libuv's threads and decoding ones busy while JavaScript works on what they have done. */
const inTurn = limiter(8 + 8 * Math.max(threadCount, Number(process.env.UV_THREADPOOL_SIZE ?? 4)))

/** A dataset of images as files have them. Each header is read once, at the first use. */
export function encodedImages(images: EncodedImages): ImageDataset {
  const { source, decodedCache: choice, maxMegapixels, keepsHeaders = true, ...definition } = images
  const options: ImageOptions = { maxMegapixels }
  const headers: (ImageHeader | undefined)[] = []
  const keep = (index: number, header: ImageHeader) => {
    if (keepsHeaders) headers[index] = header
  }
  const headerOf = async (index: number, image: ImageSource) => {
    const header = headers[index] ?? (await imageHeader(image, options))
    keep(index, header)
    return header
  }
  let cache: ReturnType<typeof decodedCache> | 'unmade' = 'unmade'
  const sharedCache = () => {
    if (cache === 'unmade') cache = decodedCache(choice)
    return cache
  }
  const read = <T>(index: number, work: (image: ImageSource, header: ImageHeader) => Promise<T>) =>
    inTurn(async () => {
      const image = await loaded(source(index))
      return work(image, await headerOf(index, image))
    })
  return defineDataset({
    ...definition,
    item: (index) => read(index, (image) => decode(image, options)),
    input: (index, preprocessing) =>
      read(index, (image, header) => networkInput(image, header, preprocessing, options)),
    scaledCrop: (index, choose, preprocessing, into) =>
      inTurn(() =>
        withSharedMemory(into, async (memory) => {
          const image: CropSource = {
            ...{
              source: source(index),
              header: headers[index],
              cache: sharedCache(),
              key: index,
              ...options,
            },
            onHeader: (header) => keep(index, header),
          }
          await trainingCrop(image, choose, preprocessing, memory)
        }),
      ),
    check: (index) =>
      inTurn(async () => {
        const image = await loaded(source(index))
        const header = await checkImage(image, options)
        keep(index, header)
        const { height, width } = header
        const sha256 = createHash('sha256')
          .update(await image.bytes())
          .digest('hex')
        return { height, width, sha256 }
      }),
  })
}

export interface ImageFiles
  extends DecodingOptions,
    Pick<DatasetDefinition, 'classes' | 'labels' | 'targets' | 'weights'> {
  readonly paths: readonly string[]
}

/** A dataset of image files. */
export function imageFiles({ paths, ...images }: ImageFiles): ImageDataset {
  const path = (index: number) => paths[index] as string
  return encodedImages({ ...images, path, source: (index) => fileSource(path(index), images) })
}
