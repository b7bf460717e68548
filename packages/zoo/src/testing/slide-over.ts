import { createModel, type ModelName, type Pixels, type Registry, toFullyConvolutional } from '@convkit/core'
import { relativeDifference } from '@convkit/core/testing'
import { hashedBytes, hashedWeights, tameRanges } from './hashed-values.js'
import { traceModel } from './trace-model.js'

const classes = 4

export interface Sliding {
  /** How far logits of an image of the model's own size differ from the dense network's, of the largest. */
  readonly ofDense: number
  /** Height and width of the map of scores of an image of 64 more pixels down and 32 more across. */
  readonly map: readonly [number, number]
  /** How far that image's logits differ from the map's mean. */
  readonly ofMean: number
  /** How far the scores at the map's ends differ. */
  readonly ofEnds: number
}

/** A model with hashed weights, on the registry's engine, as a dense and as a fully convolutional network. */
export async function slideOver(name: ModelName, size: number, registry: Registry): Promise<Sliding> {
  const preprocessing = { inputSize: [size, size] as const, cropPct: 1 }
  const model = await createModel(name, {
    ...{ registry, classes, preprocessing },
    weights: hashedWeights(traceModel(name, { classes, preprocessing }), tameRanges),
  })
  const sliding = toFullyConvolutional(model, { shorterSide: null })
  const { channels } = model.preprocessing
  const [image, larger] = [pixels(size, size, channels), pixels(size + 64, size + 32, channels)]
  try {
    const [dense, own] = [await model.infer([image]), await sliding.infer([image])]
    const { height, width, data } = await sliding.scoreMap(larger)
    const mean = Float32Array.from({ length: classes }, (_, c) =>
      meanOf(data.filter((_, i) => i % classes === c)),
    )
    return {
      ofDense: relativeDifference(own.logits, dense.logits),
      map: [height, width],
      ofMean: relativeDifference((await sliding.infer([larger])).logits, mean),
      ofEnds: relativeDifference(data.slice(0, classes), data.slice(-classes)),
    }
  } finally {
    await Promise.all([sliding.dispose(), model.dispose()])
  }
}

function pixels(height: number, width: number, channels: 1 | 3): Pixels {
  return { height, width, channels, data: hashedBytes('image', height * width * channels) }
}

const meanOf = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length
