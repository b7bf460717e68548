import { setMaxListeners } from 'node:events'
import { ConvkitError } from '@convkit/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Admission, Ticket } from '../batching/admission.js'
import type { ServeOptions } from '../options.js'
import { restConnection } from './rest-connection.js'

export interface Admitted {
  readonly ticket: Ticket
  /** Aborts when the time is up or the client has gone; a handler may too. */
  readonly stop: AbortController
}

type Handler = (request: FastifyRequest, reply: FastifyReply, admitted: Admitted) => Promise<unknown>

/**
 * The part of a route that lets requests in before their body is read, gives its handler until `timeout`, and makes room
 * again when it is done.
 */
export function admitting(
  admission: Admission,
  { maxBodyBytes, timeout }: Pick<ServeOptions, 'maxBodyBytes' | 'timeout'>,
  handler: Handler,
) {
  const admit = (request: FastifyRequest, bytes: number) => {
    try {
      return admission.admit(bytes)
    } catch (busy) {
      restConnection(request)
      throw busy
    }
  }
  const arrived = new WeakMap<FastifyRequest, Admitted & { readonly isStarted: () => void }>()
  return {
    async onRequest(request: FastifyRequest, reply: FastifyReply): Promise<void> {
      const bytes = Number(request.headers['content-length'] ?? maxBodyBytes)
      if (bytes > maxBodyBytes) throw tooLarge(maxBodyBytes)
      const ticket = admit(request, bytes)
      const stop = new AbortController()
      // Each of a request's images listens.
      setMaxListeners(0, stop.signal)
      const timer = setTimeout(
        () =>
          stop.abort(
            new ConvkitError('E_TIMEOUT', `There was no answer within ${timeout} s; try again later`),
          ),
        timeout * 1000,
      )
      let hasHandler = false
      reply.raw.once('close', () => {
        clearTimeout(timer)
        stop.abort(new ConvkitError('E_TIMEOUT', 'The client has gone'))
        // A handler may still be at work.
        if (!hasHandler) ticket.release()
      })
      const isStarted = () => {
        hasHandler = true
      }
      arrived.set(request, { ticket, stop, isStarted })
    },
    async handler(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
      const { isStarted, ...admitted } = arrived.get(request)!
      isStarted()
      try {
        return await handler(request, reply, admitted)
      } finally {
        admitted.ticket.release()
      }
    },
  }
}

export function tooLarge(maxBodyBytes: number): ConvkitError {
  return new ConvkitError(
    'E_LIMIT',
    `The body is larger than the limit of ${Math.round(maxBodyBytes / 2 ** 20)} MB; send fewer or smaller images`,
  )
}
