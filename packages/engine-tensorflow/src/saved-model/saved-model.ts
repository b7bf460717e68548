import { create, toBinary } from '@bufbuild/protobuf'
import type { Shape, TensorData } from '@convkit/graph'
import {
  type AttrValue,
  AttrValueSchema,
  DataType,
  type GraphDef,
  GraphDefSchema,
  NodeDefSchema,
  SavedModelSchema,
  type SignatureDef,
  SignatureDefSchema,
  type TensorInfo,
  TensorInfoSchema,
  TensorProtoSchema,
  TensorShapeProtoSchema,
} from '../generated/saved_model_pb.js'
import type { Endpoint, GraphSignature } from './endpoints.js'
import type { AttributeValue, ElementType, TensorFlowNode } from './node.js'

/** A graph with its entry points. Variables have no values until a signature assigns them. */
export interface SavedModelGraph {
  readonly nodes: readonly TensorFlowNode[]
  readonly signatures: Readonly<Record<string, GraphSignature>>
}

/** The version of TensorFlow's graphs that has every op used here, and that every TensorFlow since 2.9 reads. */
const graphVersion = { producer: 1087, minConsumer: 0 }

const dataTypes: Record<ElementType, DataType> = {
  float32: DataType.DT_FLOAT,
  bfloat16: DataType.DT_BFLOAT16,
  int32: DataType.DT_INT32,
  uint8: DataType.DT_UINT8,
  bool: DataType.DT_BOOL,
  resource: DataType.DT_RESOURCE,
}

/** The bytes of `saved_model.pb`, tagged `serve`. */
export function encodeSavedModel({ nodes, signatures }: SavedModelGraph): Uint8Array {
  const model = create(SavedModelSchema, {
    savedModelSchemaVersion: 1n,
    metaGraphs: [
      {
        metaInfoDef: { tags: ['serve'] },
        graphDef: toGraphDef(nodes),
        signatureDef: mapRecord(signatures, toSignatureDef),
      },
    ],
  })
  return toBinary(SavedModelSchema, model)
}

/** Nodes as TensorFlow's message `GraphDef`. */
export function toGraphDef(nodes: readonly TensorFlowNode[]): GraphDef {
  return create(GraphDefSchema, { node: nodes.map(toNodeDef), versions: graphVersion })
}

/** An entry point as TensorFlow's message `SignatureDef`. */
export function toSignatureDef({ inputs, outputs }: GraphSignature): SignatureDef {
  return create(SignatureDefSchema, {
    inputs: mapRecord(inputs, toTensorInfo),
    outputs: mapRecord(outputs, toTensorInfo),
    methodName: 'tensorflow/serving/predict',
  })
}

function mapRecord<A, B>(record: Readonly<Record<string, A>>, to: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value)]))
}

function toTensorInfo({ node, dtype, shape }: Endpoint): TensorInfo {
  return create(TensorInfoSchema, {
    name: `${node}:0`,
    dtype: dataTypes[dtype],
    tensorShape: toShapeProto(shape),
  })
}

function toNodeDef({ name, op, inputs, attributes }: TensorFlowNode) {
  return create(NodeDefSchema, { name, op, input: [...inputs], attr: mapRecord(attributes, toAttrValue) })
}

function toAttrValue(value: AttributeValue): AttrValue {
  return create(AttrValueSchema, { value: encodeAttribute(value) })
}

function encodeAttribute(value: AttributeValue): NonNullable<AttrValue['value']> {
  if (typeof value === 'boolean') return { case: 'b', value }
  if (typeof value === 'number') return { case: 'i', value: BigInt(value) }
  if (typeof value === 'string') return { case: 's', value: new TextEncoder().encode(value) }
  if ('float' in value) return { case: 'f', value: value.float }
  if ('type' in value) return { case: 'type', value: dataTypes[value.type] }
  if ('shape' in value) return { case: 'shape', value: toShapeProto(value.shape) }
  if ('tensor' in value) return { case: 'tensor', value: toTensorProto(value.tensor) }
  return {
    case: 'list',
    value: { $typeName: 'tensorflow.AttrValue.ListValue', i: value.map(BigInt), f: [] },
  }
}

function toTensorProto(tensor: TensorData) {
  const header = { dtype: dataTypes[tensor.dtype], tensorShape: toShapeProto(tensor.shape) }
  const { dtype, data } = tensor
  // One value stands for all: the zeros of a missing gradient take no space.
  if (dtype === 'float32' && data.length > 1 && data.every((value) => Object.is(value, data[0]))) {
    return create(TensorProtoSchema, { ...header, floatVal: [data[0] as number] })
  }
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return create(TensorProtoSchema, { ...header, tensorContent: bytes })
}

function toShapeProto(shape: Shape) {
  return create(TensorShapeProtoSchema, { dim: shape.map((size) => ({ size: BigInt(size) })) })
}
