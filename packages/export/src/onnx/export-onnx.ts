import type { Model, Pixels } from '@convkit/core'
import { compareAndClose, type Reference, requireAgreement, requireNumbers } from '../check/compare.js'
import {
  compareScaling,
  imagesOfUnlikeSizes,
  requireSameTop1,
  type ScalingAgreement,
} from '../check/compare-scaling.js'
import type { ExportResult } from '../export-result.js'
import type { ModelInput } from '../graph/inference-graph.js'
import { quantizeGraph } from '../int8/quantized-onnx.js'
import { writeChecked } from '../output.js'
import { encodeOnnx } from './encode-onnx.js'
import { onnxGraph } from './onnx-graph.js'
import { openOnnx } from './open-onnx.js'
import { withScaling } from './scaling-graph.js'

export interface OnnxOptions {
  readonly out: string
  readonly input: ModelInput
  /** Images of any size that scaling is compared on, besides drawn ones. */
  readonly images: readonly Pixels[]
  readonly calibration: readonly Pixels[] | undefined
}

/**
 * Writes an ONNX file. What is compared with the model is the float32 network on its own; a quantized one has to give
 * numbers, and scaling that is part of the file the pixels that convkit's gives.
 */
export async function exportOnnx(
  model: Model,
  reference: Reference,
  { out, input, images, calibration }: OnnxOptions,
): Promise<ExportResult> {
  const networkInput = input === 'image' ? 'pixels' : input
  const agreementOf = async (file: string | Uint8Array) =>
    compareAndClose(reference, await openOnnx(file, model, networkInput))
  const graph = onnxGraph(model, networkInput)
  const float = encodeOnnx(graph, model, networkInput)
  if (calibration) requireAgreement(await agreementOf(float))
  const network = calibration ? await quantizeGraph(graph, model, networkInput, calibration) : graph
  const alone = calibration ? encodeOnnx(network, model, networkInput) : float
  const require = calibration ? requireNumbers : requireAgreement
  const written = { path: out, ...(calibration && { floatBytes: float.length }) }
  if (input !== 'image') {
    const agreement = await writeChecked(out, alone, async (path) => require(await agreementOf(path)))
    return { ...written, bytes: alone.length, ...agreement }
  }
  const agreement = require(await agreementOf(alone))
  const bytes = encodeOnnx(withScaling(network, model.preprocessing), model, input)
  const scaling = await writeChecked(out, bytes, async (path) => {
    const found = await scalingOf(path, alone, model, images)
    return calibration ? found : requireSameTop1(found)
  })
  return { ...written, bytes: bytes.length, ...agreement, scaling }
}

async function scalingOf(
  path: string,
  network: Uint8Array,
  model: Model,
  images: readonly Pixels[],
): Promise<ScalingAgreement> {
  const [exported, alone] = [await openOnnx(path, model, 'image'), await openOnnx(network, model, 'pixels')]
  try {
    const unlike = [...imagesOfUnlikeSizes(model.preprocessing), ...images]
    return await compareScaling(exported, alone, model, unlike)
  } finally {
    await exported.dispose()
    await alone.dispose()
  }
}
