import {
  abs,
  ConvkitError,
  gradients,
  type ReceptiveField,
  receptiveField,
  type SymbolicTensor,
  slice,
  square,
  sum,
  topologicalOrder,
} from '@convkit/graph'
import { createImageRunner } from './image-runner.js'
import type { Model } from './model.js'
import type { Pixels } from './preprocessing.js'
import { type FloatTensor, floatTensor } from './tensors.js'
import type { Trace } from './trace.js'
import { unknownStage } from './unknown-stage.js'

export interface EffectiveReceptiveFieldOptions {
  /** What the network looks at, of any size; the field is their mean. */
  readonly images: readonly Pixels[]
  /** Name of the stage whose centre is looked at; the last one by default. */
  readonly stage?: string
  /** How a gradient counts; `absolute` by default. Luo et al. derive the shape of the square. */
  readonly measure?: 'absolute' | 'squared'
  /** Images of one native call; 8 by default. */
  readonly batchSize?: number
}

export interface EffectiveReceptiveField {
  /** Share of each pixel of the network's input, `[h, w]`; the sum is 1. */
  readonly map: FloatTensor
  /** The stage whose centre was looked at. */
  readonly stage: string
  /** What could matter: pixels outside of it are exactly 0. */
  readonly theoretical: ReceptiveField
}

/**
 * How much each pixel matters to the centre of a feature map (Luo et al. 2016, "Understanding the effective receptive
 * field in deep convolutional neural networks"): the gradient of that position, all its channels summed, to the pixels,
 * absolute or squared, summed over the colours and averaged over images.
 *
 * @throws E_OPTION without images, or for a stage that the network has not; E_NOT_FINITE where no pixel matters or a
 * gradient is not finite.
 */
export async function effectiveReceptiveField(
  model: Model,
  { images, stage, measure = 'absolute', batchSize = 8 }: EffectiveReceptiveFieldOptions,
): Promise<EffectiveReceptiveField> {
  if (images.length === 0)
    throw new ConvkitError('E_OPTION', 'effectiveReceptiveField: images must hold at least one, got none')
  const { name, engine, weights, preprocessing } = model
  const trace = (size: number) => model.trace({ batchSize: size, mode: 'infer' })
  const { image, features } = trace(1)
  const asked = stageOf(name, features, stage)
  const measureOf = { absolute: abs, squared: square }[measure]
  const runner = createImageRunner({
    engine,
    weights,
    preprocessing,
    batchSize,
    trace,
    outputs: (traced) => ({ field: sum(measureOf(pixelGradient(traced, asked)), { axes: [3] }) }),
  })
  const [height, width] = preprocessing.inputSize
  const total = new Float64Array(height * width)
  try {
    for (let from = 0; from < images.length; from += batchSize) {
      const { field } = await runner.run(images.slice(from, from + batchSize))
      field.data.forEach((value, i) => {
        total[i % total.length]! += value
      })
    }
  } finally {
    await runner.dispose()
  }
  const whole = total.reduce((a, b) => a + b, 0)
  if (!(whole > 0 && Number.isFinite(whole))) {
    throw new ConvkitError(
      'E_NOT_FINITE',
      `effectiveReceptiveField: the gradients of ${asked} of ${name} sum to ${whole}; look at other images or weights`,
    )
  }
  return {
    map: floatTensor(
      [height, width],
      Float32Array.from(total, (value) => value / whole),
    ),
    stage: asked,
    theoretical: receptiveField(image, features.get(asked) as SymbolicTensor),
  }
}

function stageOf(model: string, features: Trace['features'], asked?: string): string {
  const names = [...features.keys()]
  const last = names.at(-1)
  if (last === undefined)
    throw new ConvkitError('E_OPTION', `${model} has no stages: its architecture never calls net.feature`)
  if (asked === undefined || features.has(asked)) return asked ?? last
  throw unknownStage(model, asked, names)
}

/** Gradient of a stage's centre to the pixels as floats: `[n, h, w, c]` */
function pixelGradient({ image, features }: Trace, stage: string): SymbolicTensor {
  const map = features.get(stage) as SymbolicTensor
  const [n = 1, h = 1, w = 1, c = 1] = map.shape
  const centre = slice(map, [0, Math.floor(h / 2), Math.floor(w / 2), 0], [n, 1, 1, c])
  const pixels = topologicalOrder([map]).find(({ inputs }) => inputs.includes(image))?.outputs[0]
  return gradients(sum(centre), [pixels as SymbolicTensor])[0] as SymbolicTensor
}

/** Side of the smallest square, in pixels, that holds a share of a field; cut off at the borders of the map. */
export function squareThatHolds({ shape, data }: FloatTensor, share: number): number {
  const [height = 0, width = 0] = shape
  const sums = integral(data, height, width)
  const at = (y: number, x: number) => sums[y * (width + 1) + x] as number
  const most = (side: number) => {
    const [h, w] = [Math.min(side, height), Math.min(side, width)]
    let largest = 0
    for (let y = 0; y + h <= height; y++) {
      for (let x = 0; x + w <= width; x++)
        largest = Math.max(largest, at(y + h, x + w) - at(y, x + w) - at(y + h, x) + at(y, x))
    }
    return largest
  }
  const wanted = share * at(height, width)
  let [low, high] = [1, Math.max(height, width)]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (most(middle) >= wanted) high = middle
    else low = middle + 1
  }
  return low
}

/** Sums of all values above and to the left of each corner: `[h + 1, w + 1]` */
function integral(data: Float32Array, height: number, width: number): Float64Array {
  const sums = new Float64Array((height + 1) * (width + 1))
  for (let y = 0; y < height; y++) {
    let row = 0
    for (let x = 0; x < width; x++) {
      row += data[y * width + x] as number
      sums[(y + 1) * (width + 1) + x + 1] = (sums[y * (width + 1) + x + 1] as number) + row
    }
  }
  return sums
}
