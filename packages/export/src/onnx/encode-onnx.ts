import type { Model } from '@convkit/core'
import { encodeModel, type OnnxGraph, toModel } from '@convkit/engine-onnx'
import type { ModelInput } from '../graph/inference-graph.js'
import { metadataOf } from '../metadata.js'

/** The axes of images of any size. */
export const imageAxes = ['batch', 'height', 'width'] as const

/** The bytes of an `.onnx` file. */
export function encodeOnnx(graph: OnnxGraph, model: Model, input: ModelInput): Uint8Array {
  const options = { batchAxis: 'batch', metadata: metadataOf(model, input) }
  const axes = input === 'image' ? { inputAxes: imageAxes } : {}
  return encodeModel(toModel(graph, { ...options, ...axes }).model)
}
