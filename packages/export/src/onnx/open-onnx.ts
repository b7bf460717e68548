import type { Model } from '@convkit/core'
import * as ort from 'onnxruntime-node'
import type { ExportedModel } from '../check/exported-model.js'
import { inputValues } from '../check/input-values.js'
import { inputName, type ModelInput, outputName } from '../graph/inference-graph.js'

/** Opens an ONNX file in ONNX Runtime. @param file a path, or the file's bytes. */
export async function openOnnx(
  file: string | Uint8Array,
  { preprocessing }: Pick<Model, 'preprocessing'>,
  input: ModelInput,
): Promise<ExportedModel> {
  const options = { executionProviders: ['cpu'], logSeverityLevel: 3 } as const
  // one signature each
  const session = await (typeof file === 'string'
    ? ort.InferenceSession.create(file, options)
    : ort.InferenceSession.create(file, options))
  return {
    runtime: `onnxruntime ${ort.env.versions.node}`,
    async run(images) {
      const { dtype, data, shape } = inputValues(images, preprocessing, { input, channels: 'first' })
      const { [outputName]: logits } = await session.run({ [inputName]: new ort.Tensor(dtype, data, shape) })
      return logits?.data as Float32Array
    },
    dispose: () => session.release(),
  }
}
