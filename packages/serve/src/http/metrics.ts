import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { BatchRun } from './classifier.js'

export interface Metrics {
  readonly registry: Registry
  /** Counts a native call. */
  batch(run: BatchRun): void
  /** Adds a figure that is read when it is asked for. */
  gauge(name: string, help: string, read: () => number): void
}

/** Figures for Prometheus, those of Node itself among them. */
export function createMetrics(batchSizes: readonly number[]): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const sizes = new Histogram({
    name: 'convkit_batch_images',
    help: 'Images of a native call',
    buckets: [...batchSizes],
    registers,
  })
  const seconds = new Histogram({
    name: 'convkit_batch_seconds',
    help: 'Duration of a native call',
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
    registers,
  })
  return {
    registry,
    batch(run) {
      sizes.observe(run.images)
      seconds.observe(run.seconds)
    },
    gauge(name, help, read) {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read())
        },
      })
    },
  }
}

/** Counts answers and measures how long they took, by route and status. */
export function measureRequests(app: FastifyInstance, { registry }: Metrics): void {
  const labelNames = ['route', 'status'] as const
  const registers = [registry]
  const requests = new Counter({ name: 'convkit_requests_total', help: 'Answers', labelNames, registers })
  const seconds = new Histogram({
    name: 'convkit_request_seconds',
    help: 'Time from the arrival of a request to its answer',
    labelNames,
    buckets: [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
    registers,
  })
  app.addHook('onResponse', async (request, reply) => {
    // Not the address asked for: clients would make as many series as they like.
    const labels = { route: request.routeOptions.url ?? 'none', status: String(reply.statusCode) }
    requests.inc(labels)
    seconds.observe(labels, reply.elapsedTime / 1000)
  })
}
