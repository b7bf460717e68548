import { extname } from 'node:path'
import {
  ConvkitError,
  effectiveReceptiveField,
  type Model,
  type Pixels,
  random,
  squareThatHolds,
} from '@convkit/core'
import { readImage } from '@convkit/data'
import sharp from 'sharp'
import { heatMap } from './heat-map.js'
import { imagePaths } from './shared/image-paths.js'
import { counted } from './shared/text.js'

/** Images that a field is averaged over at most: it hardly changes with more. */
const mostImages = 64
/** Images of noise that stand in where none are given. */
const noiseImages = 16

/** An effective receptive field in figures; sides are in pixels of the network's input. */
export interface FieldSummary {
  readonly file: string
  readonly stage: string
  readonly images: number
  /** Whether these were noise. */
  readonly noise: boolean
  /** Sides of the smallest squares that hold 68 % and 95 % of it. */
  readonly side68: number
  readonly side95: number
  readonly theoretical: readonly [height: number, width: number]
}

/** @throws E_OPTION when a heat map could not be written under that name. */
export function checkPng(file: string): void {
  if (extname(file).toLowerCase() === '.png') return
  throw new ConvkitError('E_OPTION', `--effective-receptive-field must end in .png, got ${file}`)
}

/** Measures a model's effective receptive field on images of a folder, or on noise, and writes it as a picture. */
export async function writeField(
  file: string,
  model: Model,
  folder: string | undefined,
): Promise<FieldSummary> {
  const images = folder === undefined ? noise(model) : await someImages(folder, model)
  const { map, stage, theoretical } = await effectiveReceptiveField(model, { images })
  await sharp(...heatMap(map))
    .png()
    .toFile(file)
    .catch((error: Error) => {
      throw new ConvkitError('E_OUTPUT', `${file} cannot be written: ${error.message}`)
    })
  const [side68, side95] = [0.68, 0.95].map((share) => squareThatHolds(map, share)) as [number, number]
  return {
    file,
    stage,
    images: images.length,
    noise: folder === undefined,
    side68,
    side95,
    theoretical: theoretical.size,
  }
}

/** `68 % of what layer4 sees is in 91×91 pixels, 95 % in 190×190, of 435×435 in theory (16 images of noise): erf.png` */
export function describeField({
  file,
  stage,
  images,
  noise,
  side68,
  side95,
  theoretical,
}: FieldSummary): string {
  const [small, large] = [side68, side95].map((side) => `${side}×${side}`)
  return `68 % of what the centre of ${stage} sees is in ${small} pixels, 95 % in ${large}, of ${theoretical.join('×')} in theory (${counted(images, 'image')}${noise ? ' of noise' : ''}): ${file}`
}

function noise({ preprocessing: { inputSize, channels }, seed }: Model): Pixels[] {
  const [height, width] = inputSize
  return Array.from({ length: noiseImages }, (_, image) => {
    const stream = random(seed, 'effective-receptive-field', image)
    const data = Uint8Array.from({ length: height * width * channels }, (_, i) => stream.uint32(i) & 255)
    return { height, width, channels, data }
  })
}

/** Evenly spread over the folder. */
async function someImages(folder: string, { preprocessing: { channels } }: Model): Promise<Pixels[]> {
  const files = await imagePaths([folder])
  const step = Math.max(1, files.length / mostImages)
  const chosen = files.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step))
  return Promise.all(chosen.map((file) => readImage(file, { channels })))
}
