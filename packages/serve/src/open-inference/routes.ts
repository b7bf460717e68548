import { ConvkitError } from '@convkit/core'
import { readInput } from '@convkit/data'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { admitting } from '../http/admitted.js'
import { classifyAll } from '../http/classify-all.js'
import { bodyOf } from '../http/image-files.js'
import type { Serving } from '../http/serving.js'
import { answerOf, type InferenceAnswer, outputsMetadata } from './answer.js'
import { schemas } from './api.js'
import { readBody } from './body.js'
import { imagesOf, inputName } from './images.js'

interface ModelPath {
  readonly Params: { readonly name: string }
}

export interface OpenInferenceOptions {
  readonly serving: Serving
  /** Of the server's package. */
  readonly version: string
}

const headerLength = 'inference-header-content-length'

/** The Open Inference Protocol, version 2, with the binary tensor data extension; models have no versions. */
export async function openInferenceRoutes(
  app: FastifyInstance,
  { serving, version }: OpenInferenceOptions,
): Promise<void> {
  const { backend, classifier, admission, options, isReady } = serving
  const { model } = backend
  const requireModel = (name: string) => {
    if (name === model.name) return
    throw new ConvkitError('E_NOT_FOUND', `There is no model '${name}'; this server has '${model.name}'`)
  }
  // Numbers in JSON are parsed with what follows them.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    ['application/json', 'application/octet-stream'],
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) => body,
  )

  app.get('/v2', { schema: schemas.server }, async () => ({
    name: 'convkit',
    version,
    extensions: ['binary_tensor_data'],
  }))
  app.get('/v2/health/live', { schema: schemas.live }, async () => ({ live: true }))
  app.get('/v2/health/ready', { schema: schemas.ready }, async (_request, reply) => {
    const ready = isReady()
    return reply.code(ready ? 200 : 503).send({ live: true, ready })
  })
  app.get<ModelPath>('/v2/models/:name', { schema: schemas.model }, async ({ params }) => {
    requireModel(params.name)
    const { inputSize, channels } = model.preprocessing
    return {
      name: model.name,
      platform: 'convkit',
      inputs: [{ name: inputName, datatype: 'UINT8', shape: [-1, ...inputSize, channels] }],
      outputs: outputsMetadata(model),
    }
  })
  app.get<ModelPath>('/v2/models/:name/ready', { schema: schemas.modelReady }, async ({ params }, reply) => {
    requireModel(params.name)
    const ready = isReady()
    return reply.code(ready ? 200 : 503).send({ name: model.name, ready })
  })
  app.post<ModelPath>('/v2/models/:name/infer', {
    schema: schemas.infer,
    ...admitting(admission, options, async (request, reply, { ticket, stop }) => {
      requireModel((request.params as ModelPath['Params']).name)
      const body = readBody(bodyOf(request), request.headers[headerLength] as string | undefined)
      const given = imagesOf(body, model)
      const count = 'files' in given ? given.files.length : given.pixels.length
      if (count > options.maxImages) {
        throw new ConvkitError(
          'E_LIMIT',
          `A request may have ${options.maxImages} images at most, got ${count}`,
        )
      }
      ticket.hold(count)
      // An output that there is not is an error before anything is computed.
      answerOf(body.request, [], model)
      const images =
        'files' in given
          ? given.files.map((file, i) =>
              readInput(file, model.preprocessing, {
                name: `Image ${i}`,
                maxMegapixels: options.maxMegapixels,
              }),
            )
          : given.pixels
      return send(reply, answerOf(body.request, await classifyAll(classifier, images, stop), model))
    }),
  })
}

function send(reply: FastifyReply, { json, binary }: InferenceAnswer): FastifyReply {
  if (binary.length === 0) return reply.send(json)
  const text = Buffer.from(JSON.stringify(json))
  return reply
    .header(headerLength, text.length)
    .type('application/octet-stream')
    .send(Buffer.concat([text, ...binary]))
}
