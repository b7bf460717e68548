import { Socket } from 'node:net'
import type { FastifyRequest } from 'fastify'

/** Shorter than what refused clients are asked to wait. */
const milliseconds = 500

/**
 * Reads nothing from a refused request's connection for half a second, once its body has come in. Node takes up one new
 * connection each time that it has read from all that have something to say; so without a rest those that ask again and
 * again would keep everyone else, health checks too, waiting at the door.
 */
export function restConnection({ raw: request }: FastifyRequest): void {
  const { socket } = request
  // Requests that are injected have none
  if (!(socket instanceof Socket)) return
  request.once('end', () => {
    socket.pause()
    setTimeout(() => socket.resume(), milliseconds).unref()
  })
}
