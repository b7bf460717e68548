import {
  ConvkitError,
  gradients,
  input,
  mean,
  multiply,
  oneHot,
  type Program,
  relu,
  type SymbolicTensor,
  sum,
} from '@convkit/graph'
import { inferenceProgram } from './image-runner.js'
import type { Model } from './model.js'
import type { Pixels } from './preprocessing.js'
import { preprocess } from './resample.js'
import { type FloatTensor, floatTensor } from './tensors.js'
import type { Trace } from './trace.js'
import { unknownStage } from './unknown-stage.js'

export interface GradCamOptions {
  /** Name of the stage whose map is looked at; the last one by default. */
  readonly stage?: string
}

/**
 * Where in an image a network sees a class (Selvaraju et al. 2017, "Grad-CAM"): the stage's map, each channel weighed by the
 * mean gradient of the class's logit to it, where it speaks for the class. One map `[h, w]` an image, the largest value 1,
 * or 0 everywhere where nothing does. Image i is looked at for the class `classes[i]`; images are taken one at a time.
 *
 * @throws E_OPTION when the network has no such stage, or there are fewer classes than images.
 */
export async function gradCam(
  model: Model,
  images: Iterable<Pixels> | AsyncIterable<Pixels>,
  classes: readonly number[],
  { stage }: GradCamOptions = {},
): Promise<FloatTensor[]> {
  const { preprocessing, engine } = model
  const traced = model.trace({ batchSize: 1, mode: 'infer' })
  const map = mapOf(model.name, traced, stage)
  const session = await engine.load(camProgram(traced, map, model.weights))
  const shape = [1, ...preprocessing.inputSize, preprocessing.channels]
  try {
    const maps: FloatTensor[] = []
    for await (const image of images) {
      const asked = classes[maps.length]
      if (asked === undefined) {
        throw new ConvkitError(
          'E_OPTION',
          `gradCam: more images than the ${classes.length} classes; each image needs one`,
        )
      }
      const { cam } = await session.run('cam', {
        image: { dtype: 'uint8', shape, data: preprocess(image, preprocessing).data },
        class: { dtype: 'int32', shape: [1], data: Int32Array.of(asked) },
      })
      maps.push(scaled(cam?.data as Float32Array, map.shape))
    }
    return maps
  } finally {
    await session.dispose()
  }
}

function mapOf(model: string, { features }: Trace, stage?: string): SymbolicTensor {
  const names = [...features.keys()]
  const map = stage === undefined ? [...features.values()].at(-1) : features.get(stage)
  if (map?.shape.length === 4) return map
  if (names.length > 0 && stage !== undefined) throw unknownStage(model, stage, names)
  throw new ConvkitError(
    'E_OPTION',
    `${model} has no stage with a map: its architecture never calls net.feature`,
  )
}

function camProgram(traced: Trace, map: SymbolicTensor, weights: Model['weights']): Program {
  const { image, logits } = traced
  const asked = input('class', [1], 'int32')
  const score = sum(multiply(logits, oneHot(asked, logits.shape.at(-1) as number)))
  const [slope] = gradients(score, [map]) as [SymbolicTensor]
  const cam = relu(sum(multiply(map, mean(slope, { axes: [1, 2], keepDims: true })), { axes: [3] }))
  const { state } = inferenceProgram(traced, {}, weights)
  return { state, signatures: { cam: { inputs: { image, class: asked }, outputs: { cam }, updates: {} } } }
}

function scaled(values: Float32Array, [, height = 1, width = 1]: SymbolicTensor['shape']): FloatTensor {
  const largest = values.reduce((most, value) => Math.max(most, value), 0)
  return floatTensor(
    [height, width],
    values.map((value) => (largest > 0 ? value / largest : 0)),
  )
}
