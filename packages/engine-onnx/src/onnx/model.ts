import { create, toBinary } from '@bufbuild/protobuf'
import type { Shape } from '@convkit/graph'
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  type ModelProto,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from '../generated/onnx_pb.js'
import type { OnnxData, OnnxGraph, OnnxValue } from './graph-builder.js'
import type { AttributeValue, OnnxNode } from './node.js'

/** ONNX's own operator set that lowerings are written for; every ONNX Runtime since 1.15 has it. */
const opset = 18
/** The file format's version that goes with the operator set. */
const irVersion = 8

const dataTypes: Record<OnnxData['dtype'], DataType> = {
  float32: DataType.FLOAT,
  int8: DataType.INT8,
  int32: DataType.INT32,
  int64: DataType.INT64,
  uint8: DataType.UINT8,
  bool: DataType.BOOL,
}

/** An initializer whose bytes are not in the model, in the form that ONNX Runtime takes beside it. */
export interface ExternalData {
  readonly path: string
  readonly data: Uint8Array
}

export interface OnnxModel {
  readonly model: ModelProto
  readonly externalData: readonly ExternalData[]
}

export interface ModelOptions {
  /** Initializers of at least this many bytes stay outside of the model; by default all are inside. */
  readonly externalAbove?: number
  /** A name for the first axis of inputs and outputs, which may then have any size; by default it has the graph's. */
  readonly batchAxis?: string
  /** Names for the first axes of inputs, which may then have any size; by default as `batchAxis` says. */
  readonly inputAxes?: readonly string[]
  /** Texts that the model carries, by key. */
  readonly metadata?: Readonly<Record<string, string>>
}

/** A graph as an ONNX model. @param options what stays outside of it: protobuf messages end at 2 GB. */
export function toModel(
  graph: OnnxGraph,
  { externalAbove = Number.POSITIVE_INFINITY, batchAxis, inputAxes, metadata = {} }: ModelOptions = {},
): OnnxModel {
  const outputAxes = batchAxis === undefined ? [] : [batchAxis]
  const externalData: ExternalData[] = []
  const initializer = [...graph.initializers].map(([name, value]) => {
    const bytes = new Uint8Array(value.data.buffer, value.data.byteOffset, value.data.byteLength)
    const outside = bytes.byteLength >= externalAbove
    if (outside) externalData.push({ path: name, data: bytes })
    return create(TensorProtoSchema, {
      name,
      dataType: dataTypes[value.dtype],
      dims: value.shape.map(BigInt),
      ...(outside
        ? { dataLocation: DataLocation.EXTERNAL, externalData: [{ key: 'location', value: name }] }
        : { rawData: bytes }),
    })
  })
  const domains = [...new Set(graph.nodes.map(({ domain }) => domain))].filter((domain) => domain !== '')
  const model = create(ModelProtoSchema, {
    irVersion: BigInt(irVersion),
    producerName: 'convkit',
    opsetImport: [
      { domain: '', version: BigInt(opset) },
      ...domains.map((domain) => ({ domain, version: 1n })),
    ],
    graph: {
      name: 'convkit',
      node: graph.nodes.map(toNode),
      initializer,
      input: graph.inputs.map((value) => toValueInfo(value, inputAxes ?? outputAxes)),
      output: graph.outputs.map((value) => toValueInfo(value, outputAxes)),
    },
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  })
  return { model, externalData }
}

/** A model's bytes: an `.onnx` file. */
export function encodeModel(model: ModelProto): Uint8Array {
  return toBinary(ModelProtoSchema, model)
}

function toNode({ op, domain, inputs, outputs, attributes }: OnnxNode) {
  return create(NodeProtoSchema, {
    opType: op,
    domain,
    input: [...inputs],
    output: [...outputs],
    name: outputs[0] ?? '',
    attribute: Object.entries(attributes).map(([name, value]) => toAttribute(name, value)),
  })
}

function toAttribute(name: string, value: AttributeValue): AttributeProto {
  return create(AttributeProtoSchema, { name, ...encodeAttribute(value) })
}

function encodeAttribute(value: AttributeValue) {
  if (typeof value === 'number') return { type: AttributeType.INT, i: BigInt(value) }
  if (typeof value === 'string') return { type: AttributeType.STRING, s: new TextEncoder().encode(value) }
  if ('float' in value) return { type: AttributeType.FLOAT, f: value.float }
  if ('floats' in value) return { type: AttributeType.FLOATS, floats: [...value.floats] }
  return { type: AttributeType.INTS, ints: value.map(BigInt) }
}

function toValueInfo({ name, dtype, shape }: OnnxValue, axes: readonly string[]) {
  const tensor = { elemType: dataTypes[dtype], shape: toShape(shape, axes) }
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: tensor } },
  })
}

function toShape(shape: Shape, axes: readonly string[]) {
  return {
    dim: shape.map((size, axis) => ({
      value:
        axes[axis] !== undefined
          ? { case: 'dimParam' as const, value: axes[axis] }
          : { case: 'dimValue' as const, value: BigInt(size) },
    })),
  }
}
