import { ConvkitError } from '@convkit/core'
import { type InferenceRequest, parseRequest } from './schema.js'

/** A request with the bytes that follow its JSON, one part for each input that has some. */
export interface InferenceBody {
  readonly request: InferenceRequest
  /** By position among the inputs; undefined where values are in the JSON. */
  readonly binary: readonly (Uint8Array | undefined)[]
}

/**
 * Divides a body into its JSON object and its inputs' binary data.
 *
 * @param headerLength what `Inference-Header-Content-Length` says; without it all of the body is JSON.
 * @throws E_REQUEST where lengths do not add up to the body's, or the JSON is none.
 */
export function readBody(body: Uint8Array, headerLength: string | undefined): InferenceBody {
  const jsonLength = headerLength === undefined ? body.length : parseLength(headerLength, body.length)
  const request = parseRequest(parseJson(body.subarray(0, jsonLength)))
  let offset = jsonLength
  const binary = request.inputs.map(({ name, data, parameters }) => {
    const length = parameters?.binary_data_size
    if ((length === undefined) === (data === undefined)) {
      throw wrong(`Input '${name}' needs either data or the parameter binary_data_size`)
    }
    if (length === undefined) return undefined
    if (length > body.length - offset) {
      throw wrong(
        `Input '${name}' has a binary_data_size of ${length}, but ${body.length - offset} bytes are left of the body`,
      )
    }
    offset += length
    return body.subarray(offset - length, offset)
  })
  if (offset < body.length) {
    throw wrong(`${body.length - offset} bytes follow the inputs; binary_data_size must add up to the body`)
  }
  return { request, binary }
}

function parseLength(text: string, limit: number): number {
  if (/^\d+$/.test(text) && Number(text) <= limit) return Number(text)
  throw wrong(
    `Inference-Header-Content-Length must be the length of the JSON, at most the body's ${limit} bytes, got ${text}`,
  )
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw wrong(`The inference request is not JSON: ${error instanceof Error ? error.message : error}`)
  }
}

const wrong = (message: string) => new ConvkitError('E_REQUEST', message)
