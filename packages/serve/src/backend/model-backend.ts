import { ConvkitError, inputPredictor, type Model, type Pixels } from '@convkit/core'
import { type Backend, batchSizesUpTo, imageBytes, type ServedModel } from './backend.js'

export interface ModelBackendOptions {
  /** Images that one native call takes at most; 16 by default. */
  readonly batchSize?: number
}

/**
 * A model in this process, compiled for every batch size. A native call of the ONNX engine blocks the event loop, health
 * checks included, until it is done: servers under load use `startModelProcess`.
 */
export async function modelBackend(
  model: Model,
  { batchSize = 16 }: ModelBackendOptions = {},
): Promise<Backend> {
  const { preprocessing, severalLabels = false } = model
  const [height, width] = preprocessing.inputSize
  const { channels } = preprocessing
  const served: ServedModel = {
    name: model.name,
    classes: model.classes,
    preprocessing,
    severalLabels,
    engine: model.engine.description,
  }
  const bytes = imageBytes(served)
  const batchSizes = batchSizesUpTo(batchSize)
  const predictors = new Map(batchSizes.map((size) => [size, inputPredictor(model, size)]))

  const infer: Backend['infer'] = async (images) => {
    const count = images.length / bytes
    const predictor = predictors.get(count)
    if (!predictor) {
      throw new ConvkitError(
        'E_OPTION',
        `infer takes ${batchSizes.join(', ')} images of ${bytes} bytes, got ${images.length} bytes`,
      )
    }
    const rows = Array.from(
      { length: count },
      (_, row): Pixels => ({
        height,
        width,
        channels,
        data: images.subarray(row * bytes, (row + 1) * bytes),
      }),
    )
    return predictor.infer(rows)
  }

  for (const size of batchSizes) await infer(new Uint8Array(size * bytes))
  return {
    model: served,
    batchSizes,
    infer,
    failed: new Promise<ConvkitError>(() => {}),
    async dispose() {
      for (const predictor of predictors.values()) await predictor.dispose()
      await model.dispose()
    },
  }
}
