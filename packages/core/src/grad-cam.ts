import {
  ConvkitError,
  gradients,
  input,
  multiply,
  oneHot,
  type Program,
  type SymbolicTensor,
  sum,
} from '@convkit/graph'
import { type CamMethod, classActivationMap } from './cam.js'
import { inferenceProgram } from './image-runner.js'
import { layerMaps } from './layer-maps.js'
import type { Model } from './model.js'
import { nearest } from './nearest.js'
import type { Pixels } from './preprocessing.js'
import { preprocess } from './resample.js'
import { type FloatTensor, floatTensor } from './tensors.js'
import type { Trace } from './trace.js'

export interface GradCamOptions {
  /** Name of the stage or the layer whose map is looked at, one of {@link camLayers}; the last stage by default. */
  readonly layer?: string | undefined
  /** `grad-cam` by default. `grad-cam++` weighs positions by their own gradients, which tells several objects apart. */
  readonly method?: CamMethod | undefined
}

/** Class activation maps of one layer of a network. */
export interface GradCam {
  /** The stage or layer whose map is looked at. */
  readonly layer: string
  /** Where an image shows a class: `[h, w]` of the layer, from 0 to 1. @throws E_OPTION for a class that there is not. */
  explain(image: Pixels, asked: number): Promise<FloatTensor>
  dispose(): Promise<void>
}

/**
 * Where in an image a network sees a class: a layer's map, its channels weighed by the gradients of the class's logit to
 * them (Selvaraju et al. 2017, "Grad-CAM"; Chattopadhyay et al. 2018, "Grad-CAM++"), as pytorch-grad-cam computes it: from 0 to
 * 1, or 0 everywhere where nothing speaks for the class. Dispose of it before the model's weights change.
 *
 * @throws E_OPTION when the network has no such layer.
 */
export async function createGradCam(
  model: Model,
  { layer, method = 'grad-cam' }: GradCamOptions = {},
): Promise<GradCam> {
  const { preprocessing, engine } = model
  const traced = model.trace({ batchSize: 1, mode: 'infer' })
  const [name, map] = mapOf(model.name, traced, layer)
  const [, height = 1, width = 1, channels = 1] = map.shape
  const session = await engine.load(camProgram(traced, map, model.weights))
  const shape = [1, ...preprocessing.inputSize, preprocessing.channels]
  return {
    layer: name,
    async explain(image, asked) {
      if (model.classes[asked] === undefined) {
        throw new ConvkitError('E_OPTION', `${model.name} has ${model.classes.length} classes, got ${asked}`)
      }
      const outputs = await session.run('cam', {
        image: { dtype: 'uint8', shape, data: preprocess(image, preprocessing).data },
        class: { dtype: 'int32', shape: [1], data: Int32Array.of(asked) },
      })
      const [values, slopes] = [outputs.map?.data, outputs.slopes?.data] as [Float32Array, Float32Array]
      return floatTensor([height, width], classActivationMap({ map: values, slopes, channels }, method))
    },
    dispose: () => session.dispose(),
  }
}

/**
 * {@link createGradCam} for several images: image i is looked at for the class `classes[i]`. Images are taken one at a time.
 *
 * @throws E_OPTION when the network has no such layer or class, or there are fewer classes than images.
 */
export async function gradCam(
  model: Model,
  images: Iterable<Pixels> | AsyncIterable<Pixels>,
  classes: readonly number[],
  options: GradCamOptions = {},
): Promise<FloatTensor[]> {
  const cam = await createGradCam(model, options)
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
      maps.push(await cam.explain(image, asked))
    }
    return maps
  } finally {
    await cam.dispose()
  }
}

/** The names that `layer` of {@link gradCam} can be, from the image to the head. */
export function camLayers(model: Pick<Model, 'trace'>): string[] {
  return [...layerMaps(model.trace({ batchSize: 1, mode: 'infer' })).keys()]
}

function mapOf(model: string, traced: Trace, layer?: string): readonly [name: string, map: SymbolicTensor] {
  const maps = layerMaps(traced)
  const stages = [...traced.features.keys()].filter((name) => maps.has(name))
  const name = layer ?? stages.at(-1) ?? [...maps.keys()].at(-1)
  if (name === undefined) {
    throw new ConvkitError('E_OPTION', `${model} has no layer with a map [n, h, w, c] to look at`)
  }
  const map = maps.get(name)
  if (map) return [name, map]
  const close = nearest(name, maps.keys()).join(', ')
  throw new ConvkitError(
    'E_OPTION',
    `${model} has no layer '${name}' with a map (nearest: ${close}); its stages are ${stages.join(', ')}`,
  )
}

function camProgram(traced: Trace, map: SymbolicTensor, weights: Model['weights']): Program {
  const { image, logits } = traced
  const asked = input('class', [1], 'int32')
  const score = sum(multiply(logits, oneHot(asked, logits.shape.at(-1) as number)))
  const [slopes] = gradients(score, [map]) as [SymbolicTensor]
  const { state } = inferenceProgram(traced, {}, weights)
  return {
    state,
    signatures: { cam: { inputs: { image, class: asked }, outputs: { map, slopes }, updates: {} } },
  }
}
