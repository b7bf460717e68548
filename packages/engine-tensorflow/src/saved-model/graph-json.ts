import { type JsonValue, toJson } from '@bufbuild/protobuf'
import { GraphDefSchema, SignatureDefSchema } from '../generated/saved_model_pb.js'
import type { GraphSignature } from './endpoints.js'
import type { TensorFlowNode } from './node.js'
import { toGraphDef, toSignatureDef } from './saved-model.js'

/** Nodes as `GraphDef` in protobuf's JSON: the topology in a TensorFlow.js graph model. */
export function graphJson(nodes: readonly TensorFlowNode[]): JsonValue {
  return toJson(GraphDefSchema, toGraphDef(nodes))
}

/** An entry point as `SignatureDef` in protobuf's JSON. */
export function signatureJson(signature: GraphSignature): JsonValue {
  return toJson(SignatureDefSchema, toSignatureDef(signature))
}
