import { ConvkitError, type Prediction, topClasses } from '@convkit/core'
import { readInput } from '@convkit/data'
import type { FastifyInstance } from 'fastify'
import * as v from 'valibot'
import { admitting } from './admitted.js'
import { predictSchema } from './api.js'
import { classifyAll } from './classify-all.js'
import { imageFiles } from './image-files.js'
import type { Serving } from './serving.js'

export interface PredictResponse {
  readonly predictions: readonly { readonly name: string | undefined; readonly top: readonly Prediction[] }[]
}

/** `POST /predict`: labels of the images of a form, or of the one that is the body. */
export async function predictRoutes(app: FastifyInstance, serving: Serving): Promise<void> {
  const { backend, classifier, admission, options } = serving
  const { classes, preprocessing } = backend.model
  app.post('/predict', {
    schema: predictSchema,
    ...admitting(admission, options, async (request, _reply, { ticket, stop }): Promise<PredictResponse> => {
      const { top } = parseQuery(request.query, options.top)
      const files = await imageFiles(request, options, ticket.hold)
      const images = files.map(({ name = 'The image', bytes }) =>
        readInput(bytes, preprocessing, { name, maxMegapixels: options.maxMegapixels }),
      )
      const answers = await classifyAll(classifier, images, stop)
      return {
        predictions: answers.map(({ probabilities }, i) => ({
          name: files[i]?.name,
          top: topClasses(probabilities, classes, { top }),
        })),
      }
    }),
  })
}

const querySchema = v.object({
  top: v.optional(
    v.pipe(v.string(), v.regex(/^[1-9]\d{0,4}$/, 'must be a number of classes'), v.transform(Number)),
  ),
})

function parseQuery(query: unknown, top: number): { readonly top: number } {
  const parsed = v.safeParse(querySchema, query)
  if (!parsed.success) throw new ConvkitError('E_REQUEST', `top ${parsed.issues[0].message}`)
  return { top: parsed.output.top ?? top }
}
