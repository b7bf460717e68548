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
import { decodeCrop } from '../images/training-crop.js'

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
  /** Where the file of an image is. */
  source(index: number): ImageSource
}

/** As many as keep libuv's threads busy while JavaScript works on what they have done. */
const inTurn = limiter(4 + 2 * Number(process.env.UV_THREADPOOL_SIZE ?? 4))

/** A dataset of images as files have them. Each header is read once, at the first use. */
export function encodedImages(images: EncodedImages): ImageDataset {
  const { source, decodedCache: choice, maxMegapixels, ...definition } = images
  const options: ImageOptions = { maxMegapixels }
  const headers: (ImageHeader | undefined)[] = []
  const headerOf = async (index: number, image: ImageSource) => {
    headers[index] ??= await imageHeader(image, options)
    return headers[index]
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
    crop: (index, choose, { inputSize: [height, width], interpolation }) =>
      inTurn(async () => {
        const image = headers[index] ? source(index) : await loaded(source(index))
        const header = await headerOf(index, image)
        const crop = choose(header)
        const cropSource = { source: image, header, cache: sharedCache(), key: index, ...options }
        return decodeCrop(cropSource, crop, { height, width }, crop.interpolation ?? interpolation)
      }),
    check: (index) =>
      inTurn(async () => {
        const image = await loaded(source(index))
        headers[index] = await checkImage(image, options)
        const { height, width } = headers[index]
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
