import { create } from '@bufbuild/protobuf'
import { sizeOf } from '@convkit/graph'
import {
  TensorProto_DataType as DataType,
  type ModelProto,
  NodeProtoSchema,
  ValueInfoProtoSchema,
} from './generated/onnx_pb.js'
import type { OnnxValue } from './onnx/graph-builder.js'
import type { Fetches, NativeSession, Runtime, Tensor } from './runtime.js'

const unread = 'unread'

/**
 * Gives a model a first output that is no tensor: an empty sequence.
 *
 * After a run onnxruntime-node copies every output into a new array, those too that it was given an array for. For a
 * training step that would be the whole state, at each step. It does so one output after another, and at the first that
 * is no tensor it gives up: then everything is in the arrays that it was given.
 */
export function addUnreadOutput({ graph }: ModelProto): void {
  graph?.node.push(create(NodeProtoSchema, { opType: 'SequenceEmpty', output: [unread], name: unread }))
  const tensor = { value: { case: 'tensorType', value: { elemType: DataType.FLOAT } } } as const
  const sequence = { value: { case: 'sequenceType', value: { elemType: tensor } } } as const
  graph?.output.unshift(create(ValueInfoProtoSchema, { name: unread, type: sequence }))
}

/**
 * Runs a model with an unread output. Results are in the tensors that are given, and for null in new ones.
 *
 * @param outputs the model's own outputs.
 */
export async function runUnread(
  { Tensor }: Runtime,
  session: NativeSession,
  outputs: readonly OnnxValue[],
  feeds: Readonly<Record<string, Tensor>>,
  fetches: Fetches,
): Promise<Readonly<Record<string, Tensor>>> {
  const results = Object.fromEntries(
    outputs.map(({ name, dtype, shape }) => [
      name,
      (fetches[name] as Tensor | null) ?? new Tensor(dtype, new arrays[dtype](sizeOf(shape)), shape),
    ]),
  )
  try {
    await session.run(feeds, { [unread]: null, ...results })
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('Non tensor type'))) throw error
  }
  return results
}

const arrays = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array, bool: Uint8Array } as const
