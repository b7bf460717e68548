import { toJsonSchema } from '@valibot/to-json-schema'
import { failures } from '../http/api.js'
import { requestSchema } from './schema.js'

// What the OpenAPI page says of the Open Inference Protocol's routes.

const tags = ['Open Inference Protocol']

const object = (properties: object) => ({ type: 'object', properties })
const list = (items: object) => ({ type: 'array', items })
const [string, boolean, integer] = [{ type: 'string' }, { type: 'boolean' }, { type: 'integer' }]

const answer = (description: string, properties: object) => ({ description, ...object(properties) })
const named = { params: object({ name: string }) }
const tensor = { name: string, datatype: string, shape: list(integer) }

export const schemas = {
  server: {
    summary: 'The server',
    tags,
    response: { 200: answer('What it is', { name: string, version: string, extensions: list(string) }) },
  },
  live: { summary: 'Whether the server runs', tags, response: { 200: answer('It does', { live: boolean }) } },
  ready: {
    summary: 'Whether the server takes requests',
    tags,
    response: {
      200: answer('It does', { live: boolean, ready: boolean }),
      503: answer('It does not', { live: boolean, ready: boolean }),
    },
  },
  model: {
    summary: 'The model, its input and its outputs',
    tags,
    ...named,
    response: {
      200: answer('What it is', {
        name: string,
        platform: string,
        inputs: list(object(tensor)),
        outputs: list(object(tensor)),
      }),
    },
  },
  modelReady: {
    summary: 'Whether the model takes requests',
    tags,
    ...named,
    response: {
      200: answer('It does', { name: string, ready: boolean }),
      503: answer('It does not', { name: string, ready: boolean }),
    },
  },
  infer: {
    summary: 'Logits, probabilities and labels',
    description:
      'One input, `image`: UINT8 or FP32 pixels `[n, h, w, c]` from 0 to 255, or BYTES `[n]` files, in JSON as base64. With `Inference-Header-Content-Length`, tensors of a `binary_data_size` follow the JSON.',
    tags,
    ...named,
    body: {
      content: {
        'application/json': { schema: withoutDialect(toJsonSchema(requestSchema)) },
        'application/octet-stream': { schema: { type: 'string', format: 'binary' } },
      },
    },
    response: {
      200: answer('Outputs, in the order asked for', {
        model_name: string,
        id: string,
        outputs: list(
          object({ ...tensor, parameters: object({ binary_data_size: integer }), data: list({}) }),
        ),
      }),
      ...failures,
    },
  },
}

function withoutDialect({ $schema: _, ...schema }: ReturnType<typeof toJsonSchema>): object {
  return schema
}
