import { ConvkitError, mean, type Program, softmax } from '@convkit/graph'
import type { Session } from './engine.js'
import { inferenceProgram } from './image-runner.js'
import type { Model } from './model.js'
import type { Inference } from './predictor.js'
import type { Pixels } from './preprocessing.js'
import { resize, scaledSize, toChannels } from './resample.js'
import type { FloatTensor } from './tensors.js'

export interface FullyConvolutionalOptions {
  /**
   * Shorter side that images are scaled to, in pixels; what the model's record scales to before its crop by default.
   * `null` takes images as they are.
   */
  readonly shorterSide?: number | null
}

/** Logits at every position of an image, `[height, width, classes]` row-major. */
export interface ScoreMap {
  readonly height: number
  readonly width: number
  readonly classes: readonly string[]
  readonly data: Float32Array
}

/** A network that sees whole images of any size and shape; its weights are the model's own. */
export interface FullyConvolutional {
  readonly classes: readonly string[]
  /** @throws E_SHAPE when the scaled image is smaller than the model's input. */
  scoreMap(image: Pixels): Promise<ScoreMap>
  /** Logits averaged over all positions, and their probabilities: `[images, classes]`. */
  infer(images: readonly Pixels[]): Promise<Inference>
  dispose(): Promise<void>
}

/** Programs for as many image sizes are kept ready. */
const keptSizes = 4

/**
 * The network with its dense layers as convolutions of the same weights: its head slides over the maps of a whole
 * image (Sermanet et al. 2014; Simonyan and Zisserman 2015, section 3.2: dense evaluation). On an image of the model's
 * input size it gives the model's own logits. Dispose of it before the model's weights change.
 */
export function toFullyConvolutional(
  model: Model,
  options: FullyConvolutionalOptions = {},
): FullyConvolutional {
  const { preprocessing, classes, engine, weights } = model
  const sessions = new Map<string, Session>()

  const programFor = (height: number, width: number): Program => {
    const traced = model.trace({ batchSize: 1, mode: 'infer', slideOver: [height, width] })
    const logits = mean(traced.logits, { axes: [1, 2] })
    const outputs = { map: traced.logits, logits, probabilities: softmax(logits) }
    return inferenceProgram(traced, outputs, weights)
  }

  const sessionFor = async (height: number, width: number): Promise<Session> => {
    const key = `${height}×${width}`
    const session = sessions.get(key) ?? (await engine.load(programFor(height, width)))
    sessions.delete(key)
    sessions.set(key, session)
    const [oldest] = sessions.keys()
    if (sessions.size > keptSizes && oldest !== undefined) {
      await sessions.get(oldest)?.dispose()
      sessions.delete(oldest)
    }
    return session
  }

  const run = async (image: Pixels) => {
    const { height, width, channels, data } = scaled(image)
    const session = await sessionFor(height, width)
    const outputs = await session.run('infer', {
      image: { dtype: 'uint8', shape: [1, height, width, channels], data },
    })
    return outputs as Record<'map' | 'logits' | 'probabilities', FloatTensor>
  }

  const scaled = (image: Pixels): Pixels => {
    const converted = toChannels(image, preprocessing.channels)
    const [height, width] = targetSize(image)
    if (height < preprocessing.inputSize[0] || width < preprocessing.inputSize[1]) {
      throw new ConvkitError(
        'E_SHAPE',
        `toFullyConvolutional: the image is ${height}×${width} pixels after scaling, and ${model.name} needs at least ${preprocessing.inputSize.join('×')}; raise shorterSide`,
      )
    }
    const same = height === image.height && width === image.width
    return same ? converted : resize(converted, height, width, preprocessing.interpolation)
  }

  const targetSize = (image: Pixels): readonly [number, number] => {
    const { shorterSide } = options
    if (shorterSide === null) return [image.height, image.width]
    const record = { ...preprocessing, cropMode: 'center' as const }
    if (shorterSide === undefined) return scaledSize(image, record)
    return scaledSize(image, { ...record, inputSize: [shorterSide, shorterSide], cropPct: 1 })
  }

  return {
    classes,
    async scoreMap(image) {
      const { map } = await run(image)
      const [, height = 0, width = 0] = map.shape
      return { height, width, classes, data: map.data }
    },
    async infer(images) {
      const logits = new Float32Array(images.length * classes.length)
      const probabilities = new Float32Array(logits.length)
      for (const [row, image] of images.entries()) {
        const outputs = await run(image)
        logits.set(outputs.logits.data, row * classes.length)
        probabilities.set(outputs.probabilities.data, row * classes.length)
      }
      return { logits, probabilities }
    },
    async dispose() {
      for (const session of sessions.values()) await session.dispose()
      sessions.clear()
    },
  }
}
