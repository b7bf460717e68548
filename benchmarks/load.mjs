// Requests to a server on this machine: as many at once as are told, or as many a second. Both end by themselves.

import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** Sends one request; resolves to its status and milliseconds, with status 0 where the connection failed. */
export function send(url, { method = 'POST', body, headers = {}, agent }) {
  const started = performance.now()
  return new Promise((resolve) => {
    const end = (status) => resolve({ status, milliseconds: performance.now() - started })
    const sent = request(url, {
      method,
      agent,
      headers: body ? { ...headers, 'content-length': body.length } : headers,
    })
    sent.on('response', (response) => {
      response
        .on('end', () => end(response.statusCode))
        .on('error', () => end(0))
        .resume()
    })
    sent.on('error', () => end(0))
    sent.end(body)
  })
}

/** So many requests at once for so many seconds: each client sends its next one when it has its answer. */
export async function closedLoop(url, { clients, seconds, ...options }) {
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  const started = performance.now()
  const isOver = () => performance.now() - started > 1000 * seconds
  const answers = []
  const client = async () => {
    while (!isOver()) answers.push(await send(url, { ...options, agent }))
  }
  await Promise.all(Array.from({ length: clients }, client))
  agent.destroy()
  return { answers, seconds: (performance.now() - started) / 1000 }
}

/** So many requests a second for so many seconds, whether or not earlier ones are answered; at most `most` at once. */
export async function openLoop(url, { perSecond, seconds, most = 1000, ...options }) {
  const agent = new Agent({ keepAlive: true, maxSockets: most })
  const started = performance.now()
  const pending = new Set()
  const answers = []
  let offered = 0
  while (performance.now() - started < 1000 * seconds) {
    const due = Math.floor(((performance.now() - started) / 1000) * perSecond)
    for (; offered < due && pending.size < most; offered++) {
      const answer = send(url, { ...options, agent }).then((result) => {
        pending.delete(answer)
        answers.push(result)
      })
      pending.add(answer)
    }
    await sleep(2)
  }
  const taken = (performance.now() - started) / 1000
  await Promise.all(pending)
  agent.destroy()
  return { answers, offered, seconds: taken }
}

/** The value below which a share of the values is. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]
}
