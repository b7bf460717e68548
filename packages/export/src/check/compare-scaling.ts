import { ConvkitError, type Model, type Pixels, type Preprocessing, preprocess } from '@convkit/core'
import { inputName } from '../graph/inference-graph.js'
import { imageAxes } from '../onnx/encode-onnx.js'
import { imageValues } from '../onnx/open-onnx.js'
import { runGraph } from '../onnx/run-graph.js'
import { scaledName, scalingGraph } from '../onnx/scaling-graph.js'
import { checkImages } from './check-images.js'
import { compare } from './compare.js'
import type { ExportedModel } from './exported-model.js'

/** How far an exported model that scales images itself agrees with convkit's scaling. */
export interface ScalingAgreement {
  /** Of unlike sizes: landscape, portrait, and smaller than the input among them. */
  readonly images: number
  /** Between pixels, in steps of 8 bits: of each image the mean, of those the largest. */
  readonly meanPixelDifference: number
  /** Images whose class is the same as with convkit's scaling before the same network. */
  readonly sameTop1: number
  /** Between logits of the network with the one scaling and the other. */
  readonly largestDifference: number
}

/**
 * How far pixels may be from convkit's on average: one step of 8 bits. Runtimes weigh in float32 what PIL weighs in
 * fixed point, so a pixel in a hundred is rounded to the other side.
 */
const allowedPixelDifference = 1

/** Sizes over that of the input: portrait, landscape twice, which makes a batch, and smaller than the input. */
const shares = [
  [2.3, 1.4],
  [1.5, 2.1],
  [1.5, 2.1],
  [0.6, 0.8],
] as const

/** Images of unlike sizes, the same for the same input size. */
export function imagesOfUnlikeSizes({ inputSize: [height, width], ...rest }: Preprocessing): Pixels[] {
  return shares.flatMap(([down, across], seed) => {
    const inputSize = [Math.ceil(down * height), Math.ceil(across * width)] as const
    return checkImages({ ...rest, inputSize }, 1, seed)
  })
}

/**
 * Compares an exported model that scales with its own network on pixels that convkit scaled.
 *
 * @throws E_EXPORT_CHECK where pixels differ by more than a step of 8 bits on average.
 */
export async function compareScaling(
  exported: ExportedModel,
  network: ExportedModel,
  { preprocessing, classes }: Pick<Model, 'preprocessing' | 'classes'>,
  images: readonly Pixels[],
): Promise<ScalingAgreement> {
  const scaled = images.map((image) => preprocess(image, preprocessing))
  const meanPixelDifference = await pixelDifference(images, scaled, preprocessing)
  if (!(meanPixelDifference <= allowedPixelDifference)) {
    throw new ConvkitError(
      'E_EXPORT_CHECK',
      `The exported model does not scale images as the model: in ${exported.runtime} pixels differ by ${meanPixelDifference.toFixed(2)} of 255 on average (at most ${allowedPixelDifference} is allowed); nothing was written`,
    )
  }
  const logits = await network.run(scaled)
  const { sameTop1, largestDifference } = await compare(
    { images, classes: classes.length, logits, tolerance: Number.POSITIVE_INFINITY },
    exported,
  )
  return { images: images.length, meanPixelDifference, sameTop1, largestDifference }
}

async function pixelDifference(
  images: readonly Pixels[],
  expected: readonly Pixels[],
  preprocessing: Preprocessing,
): Promise<number> {
  const scaling = await runGraph(scalingGraph(preprocessing), [scaledName], imageAxes)
  const means: number[] = []
  for (const [i, image] of images.entries()) {
    const results = await scaling.run(new Map([[inputName, imageValues([image], preprocessing)]]))
    const { data = [] } = results.get(scaledName) ?? {}
    const own = expected[i]?.data ?? new Uint8Array()
    means.push(own.reduce((sum, value, at) => sum + Math.abs(value - (data[at] as number)), 0) / own.length)
  }
  await scaling.dispose()
  return Math.max(...means)
}

/** @throws E_EXPORT_CHECK when top-1 differs for an image. */
export function requireSameTop1(agreement: ScalingAgreement): ScalingAgreement {
  const { images, sameTop1 } = agreement
  if (sameTop1 === images) return agreement
  throw new ConvkitError(
    'E_EXPORT_CHECK',
    `The exported model does not agree where it scales images itself: ${sameTop1} of ${images} have the same top-1; nothing was written`,
  )
}
