import { ConvkitError, topClasses } from '@convkit/core'
import type { ServedModel } from '../backend/backend.js'
import type { ImageInference } from '../http/classifier.js'
import type { InferenceRequest } from './schema.js'

/** An output tensor, its values as JSON has them or as bytes. */
interface OutputTensor {
  readonly datatype: 'FP32' | 'BYTES'
  readonly shape: readonly number[]
  values(): readonly (number | string)[]
  bytes(): Uint8Array
}

export interface ResponseOutput {
  readonly name: string
  readonly datatype: OutputTensor['datatype']
  readonly shape: readonly number[]
  readonly parameters?: { readonly binary_data_size: number }
  readonly data?: readonly (number | string)[]
}

/** A response's JSON, and the bytes that follow it. */
export interface InferenceAnswer {
  readonly json: {
    readonly model_name: string
    readonly id?: string
    readonly outputs: readonly ResponseOutput[]
  }
  readonly binary: readonly Uint8Array[]
}

/** The outputs of every model, with their metadata: `label` is the most probable class's name. */
export function outputsMetadata({ classes }: ServedModel) {
  return [
    { name: 'probabilities', datatype: 'FP32', shape: [-1, classes.length] },
    { name: 'logits', datatype: 'FP32', shape: [-1, classes.length] },
    { name: 'label', datatype: 'BYTES', shape: [-1] },
  ] as const
}

/**
 * The answer to a request, with the outputs that it asks for as it asks for them; all as JSON by default.
 *
 * @throws E_REQUEST for an output that there is not.
 */
export function answerOf(
  { id, outputs, parameters }: Pick<InferenceRequest, 'id' | 'outputs' | 'parameters'>,
  rows: readonly ImageInference[],
  model: ServedModel,
): InferenceAnswer {
  const known = outputsMetadata(model).map(({ name }) => name)
  const asked = outputs ?? known.map((name) => ({ name, parameters: undefined }))
  const binary: Uint8Array[] = []
  const written = asked.map(({ name, parameters: own }): ResponseOutput => {
    const { datatype, shape, values, bytes } = tensorOf(name, rows, model)
    if (!(own?.binary_data ?? parameters?.binary_data_output))
      return { name, datatype, shape, data: values() }
    const data = bytes()
    binary.push(data)
    return { name, datatype, shape, parameters: { binary_data_size: data.length } }
  })
  return { json: { model_name: model.name, ...(id !== undefined && { id }), outputs: written }, binary }
}

function tensorOf(name: string, rows: readonly ImageInference[], model: ServedModel): OutputTensor {
  if (name === 'probabilities' || name === 'logits') {
    return numbers(
      rows.map((row) => row[name]),
      model.classes.length,
    )
  }
  if (name === 'label') {
    return texts(
      rows.map(({ probabilities }) => topClasses(probabilities, model.classes, { top: 1 })[0]?.label ?? ''),
    )
  }
  const known = outputsMetadata(model).map((output) => output.name)
  throw new ConvkitError('E_REQUEST', `The model has no output '${name}'; it has ${known.join(', ')}`)
}

function numbers(rows: readonly Float32Array[], width: number): OutputTensor {
  return {
    datatype: 'FP32',
    shape: [rows.length, width],
    values: () => rows.flatMap((row) => [...row]),
    bytes() {
      const view = new DataView(new ArrayBuffer(4 * rows.length * width))
      rows.forEach((row, i) => {
        row.forEach((value, c) => {
          view.setFloat32(4 * (i * width + c), value, true)
        })
      })
      return new Uint8Array(view.buffer)
    },
  }
}

function texts(values: readonly string[]): OutputTensor {
  return {
    datatype: 'BYTES',
    shape: [values.length],
    values: () => values,
    bytes: () =>
      Buffer.concat(
        values.flatMap((text) => {
          const bytes = Buffer.from(text)
          const length = Buffer.alloc(4)
          length.writeUInt32LE(bytes.length)
          return [length, bytes]
        }),
      ),
  }
}
