import { mkdir, writeFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import {
  ConvkitError,
  createGradCam,
  type FloatTensor,
  type Model,
  nearest,
  type Pixels,
  type Prediction,
  preprocess,
} from '@convkit/core'
import { readImage } from '@convkit/data'
import { overlay } from '@convkit/report/overlay'
import { encodeNpz } from '@convkit/weights'
import sharp from 'sharp'
import type { ExplainOptions } from './commands/explain.js'
import { imagePaths } from './shared/image-paths.js'
import { openModel } from './shared/model-source.js'
import type { CommandContext } from './shared/options.js'
import { counted } from './shared/text.js'

interface Explanation extends Prediction {
  readonly path: string
  readonly layer: string
  /** The image with the map over it. */
  readonly overlay: string
  /** An npz file with `map`, `[h, w]` of the layer. */
  readonly map: string
}

/** Pixels that an overlay's longer side has, where the image has them too. */
const overlaySide = 448

/** `convkit explain <model> <images…>` */
export async function explainImages(
  path: string,
  images: readonly string[],
  options: ExplainOptions,
  context: CommandContext,
): Promise<void> {
  const { out, layer, method } = options
  const files = await imagePaths(images)
  const model = await openModel(path, context, options)
  const asked = options.class === undefined ? undefined : classIndex(model, options.class)
  const cam = await createGradCam(model, { layer, method })
  await written(out, () => mkdir(out, { recursive: true }))
  const names = distinctNames(files)
  const explanations: Explanation[] = []
  for (const [i, file] of files.entries()) {
    const image = await readImage(file)
    const predictions = await model.predict(image, { top: model.classes.length })
    const prediction = predictions.find(({ index }) => index === (asked ?? index)) as Prediction
    const map = await cam.explain(image, prediction.index)
    const target = join(out, names[i] as string)
    const [picture, raw] = [`${target}.png`, `${target}.npz`]
    await written(picture, async () => writeFile(picture, await overlaid(image, map, model)))
    await written(raw, () => writeFile(raw, encodeNpz({ map })))
    explanations.push({ path: file, ...prediction, layer: cam.layer, overlay: picture, map: raw })
  }
  await cam.dispose()
  await model.dispose()
  const lines = explanations.map(
    ({ path, label, probability, overlay }) => `${path}  ${label} ${probability.toFixed(3)}  ${overlay}`,
  )
  context.report.line('Layer', `${cam.layer} of ${model.name}, ${counted(files.length, 'image')}`)
  context.report.result({ explanations }, lines.join('\n'))
}

/** A class by its name, or else by its index. @throws E_OPTION with the nearest names. */
function classIndex({ name, classes }: Model, asked: string): number {
  const byName = classes.indexOf(asked)
  if (byName >= 0) return byName
  if (/^\d+$/.test(asked) && Number(asked) < classes.length) return Number(asked)
  throw new ConvkitError(
    'E_OPTION',
    `${name} has no class '${asked}' (nearest: ${nearest(asked, classes).join(', ')}), nor an index of that number below ${classes.length}`,
  )
}

/** The part of the image that the network looks at, as large as the image has it, with the map over it, as a PNG. */
async function overlaid(image: Pixels, map: FloatTensor, { preprocessing }: Model): Promise<Buffer> {
  const [height, width] = preprocessing.inputSize
  const scale = Math.min(
    overlaySide / Math.max(height, width),
    Math.min(image.height / height, image.width / width),
  )
  const larger = Math.max(1, Math.floor(scale))
  const picture = preprocess(image, {
    ...preprocessing,
    channels: 3,
    inputSize: [height * larger, width * larger],
  })
  const { data, ...raw } = await overlay(picture, map)
  return sharp(data, { raw }).png().toBuffer()
}

/** Files' names without their endings; what is there already gets a number. */
function distinctNames(files: readonly string[]): string[] {
  const taken = new Set<string>()
  return files.map((file) => {
    const name = basename(file, extname(file))
    let own = name
    for (let count = 2; taken.has(own); count++) own = `${name}-${count}`
    taken.add(own)
    return own
  })
}

async function written(path: string, write: () => Promise<unknown>): Promise<void> {
  await write().catch((error: Error) => {
    throw new ConvkitError('E_OUTPUT', `${path} cannot be written: ${error.message}`)
  })
}
