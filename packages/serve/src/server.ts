import multipart from '@fastify/multipart'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Backend } from './backend/backend.js'
import { createAdmission } from './batching/admission.js'
import { metricsSchema } from './http/api.js'
import { batchedClassifier } from './http/classifier.js'
import { failureOf } from './http/failure.js'
import { createMetrics, measureRequests } from './http/metrics.js'
import { predictRoutes } from './http/predict.js'
import type { Serving } from './http/serving.js'
import { openInferenceRoutes } from './open-inference/routes.js'
import { type ServeOptions, serveOptions } from './options.js'
import { pageRoutes } from './page.js'
import { ownVersion } from './version.js'

export interface CreateServerOptions extends Partial<ServeOptions> {
  /** Is told of what clients are not: errors that are the server's own. */
  readonly onError?: (error: unknown) => void
}

/**
 * A server for a model, ready to `listen`. `close` takes no more requests, answers those that it has, then disposes of
 * the backend.
 *
 * @throws E_OPTION for a limit that cannot be.
 */
export async function createServer(
  backend: Backend,
  { onError = () => {}, ...given }: CreateServerOptions = {},
): Promise<FastifyInstance> {
  const options = serveOptions(given)
  const requestTimeout = options.timeout * 1000
  const app = Fastify({
    bodyLimit: options.maxBodyBytes,
    requestTimeout,
    // Node takes the larger of the two for the whole request.
    http: { headersTimeout: requestTimeout, requestTimeout, connectionsCheckingInterval: 1000 },
    routerOptions: { ignoreTrailingSlash: true },
  })
  // Schemas describe; what comes in is checked where it is read.
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => JSON.stringify)

  const metrics = createMetrics(backend.batchSizes)
  const classifier = batchedClassifier(backend, { maxDelay: options.maxDelay, onRun: metrics.batch })
  const admission = createAdmission({ images: options.queue, bytes: options.maxHeldBytes })
  let isReady = true
  void backend.failed.then((error) => {
    isReady = false
    onError(error)
  })
  app.addHook('preClose', async () => {
    isReady = false
    // Node no longer ends connections whose requests do not come to their end.
    setTimeout(() => app.server.closeAllConnections(), requestTimeout + 1000).unref()
  })
  // A connection that is kept open would keep the server from ending.
  app.addHook('onSend', async (_request, reply) => {
    if (!isReady) reply.header('connection', 'close')
  })
  app.addHook('onClose', () => backend.dispose())
  const serving: Serving = { backend, classifier, admission, options, isReady: () => isReady }
  metrics.gauge('convkit_images_in_work', 'Images received and not answered', () => admission.images)
  metrics.gauge('convkit_images_waiting', 'Images that wait for a native call', () => classifier.waiting)
  measureRequests(app, metrics)

  app.setErrorHandler((error, _request, reply) => {
    const { status, body } = failureOf(error)
    if (status === 500) onError(error)
    if (status === 503) reply.header('retry-after', retryAfter(serving))
    return reply.code(status).send(body)
  })
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({
      error: `There is no ${request.method} ${request.url}; / and /docs show what there is`,
      code: 'E_NOT_FOUND',
    }),
  )

  await app.register(swagger, {
    openapi: { info: { title: `convkit: ${backend.model.name}`, version: ownVersion() } },
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    theme: { css: [{ filename: 'page.css', content: '.swagger-ui .topbar { display: none }' }] },
  })
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    await scope.register(multipart)
    for (const type of [/^image\//, 'application/octet-stream'])
      scope.addContentTypeParser(type, { parseAs: 'buffer' }, asIs)
    await predictRoutes(scope, serving)
  })
  await app.register(openInferenceRoutes, { serving, version: ownVersion() })
  await app.register(pageRoutes, { model: backend.model })
  app.get('/metrics', { schema: metricsSchema }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  )
  return app
}

/** A body as bytes. */
const asIs = async (_request: unknown, body: Buffer) => body

/** Seconds until there is room again, by what is in work and how fast it goes. */
function retryAfter({ admission, classifier }: Serving): number {
  return Math.max(1, Math.ceil(admission.images / (classifier.imagesPerSecond || 1)))
}
