import { type Model, type Pixels, type Preprocessing, type TensorData, toChannels } from '@convkit/core'
import * as ort from 'onnxruntime-node'
import type { ExportedModel } from '../check/exported-model.js'
import { inputValues } from '../check/input-values.js'
import { inputName, type ModelInput, outputName } from '../graph/inference-graph.js'
import { sessionOptions } from './session-options.js'

/** Opens an ONNX file in ONNX Runtime. @param file a path, or the file's bytes. */
export async function openOnnx(
  file: string | Uint8Array,
  { preprocessing }: Pick<Model, 'preprocessing'>,
  input: ModelInput,
): Promise<ExportedModel> {
  // one signature each
  const session = await (typeof file === 'string'
    ? ort.InferenceSession.create(file, sessionOptions)
    : ort.InferenceSession.create(file, sessionOptions))
  const logitsOf = async ({ dtype, data, shape }: TensorData) => {
    const { [outputName]: logits } = await session.run({ [inputName]: new ort.Tensor(dtype, data, shape) })
    return logits?.data as Float32Array
  }
  return {
    runtime: `onnxruntime ${ort.env.versions.node}`,
    takesAnySize: input === 'image',
    async run(images) {
      if (input !== 'image') return logitsOf(inputValues(images, preprocessing, { input, channels: 'first' }))
      const rows: Float32Array[] = []
      for (const batch of batchesOfSize(images)) rows.push(await logitsOf(imageValues(batch, preprocessing)))
      return Float32Array.from(rows.flatMap((logits) => [...logits]))
    },
    dispose: () => session.release(),
  }
}

/** Images one after the other, those of one size together. */
function batchesOfSize(images: readonly Pixels[]): Pixels[][] {
  const batches: Pixels[][] = []
  for (const image of images) {
    const last = batches.at(-1)
    if (last?.[0]?.height === image.height && last[0].width === image.width) last.push(image)
    else batches.push([image])
  }
  return batches
}

/** Images of one size, as a model that scales them itself takes them: `[n, height, width, channels]`. */
export function imageValues(images: readonly Pixels[], { channels }: Preprocessing): TensorData {
  const [{ height, width } = { height: 0, width: 0 }] = images
  const size = height * width * channels
  const data = new Uint8Array(images.length * size)
  for (const [i, image] of images.entries()) data.set(toChannels(image, channels).data, i * size)
  return { dtype: 'uint8', shape: [images.length, height, width, channels], data }
}
