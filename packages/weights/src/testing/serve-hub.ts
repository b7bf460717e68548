import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface TestHub {
  readonly endpoint: string
  readonly commit: string
  /** Requests so far: `GET /timm/… bytes=5-`. */
  readonly requests: string[]
  /** Authorization of the last request to the hub. */
  authorization: string | undefined
  /** Bytes after which the next transfer breaks off. */
  breakAfter: number | undefined
  /** Status of every answer from now on. */
  refuse: number | undefined
  /** What is sent in place of large files. */
  corrupt: Uint8Array | undefined
  close(): Promise<void>
}

/** A server that answers as the Hugging Face hub: large files, called by their sha256, are elsewhere. */
export async function serveHub(files: Readonly<Record<string, Uint8Array>>): Promise<TestHub> {
  const commit = 'c0ffee'.padEnd(40, '0')
  const server = createServer((request, response) => {
    hub.requests.push([request.method, request.url, request.headers.range].filter(Boolean).join(' '))
    if (hub.refuse !== undefined) return void response.writeHead(hub.refuse).end()
    const name = decodeURIComponent(request.url ?? '')
      .replace(/^\/(large\/)?/, '')
      .replace('/resolve/main/', '/')
    const bytes = files[name]
    if (!bytes) return void response.writeHead(404).end()
    if (request.url?.startsWith('/large/')) return send(request, response, hub.corrupt ?? bytes)
    hub.authorization = request.headers.authorization
    const isLarge = name.endsWith('.safetensors')
    const etag = isLarge ? sha256(bytes) : gitSum(bytes)
    response.setHeader('x-repo-commit', commit)
    if (!isLarge) {
      response.setHeader('etag', `"${etag}"`)
      return send(request, response, bytes)
    }
    response.writeHead(302, {
      'x-linked-etag': `"${etag}"`,
      'x-linked-size': bytes.length,
      // The hub's large files are on another host.
      location: `${hub.endpoint.replace('127.0.0.1', 'localhost')}/large/${name}`,
    })
    response.end()
  })
  const send = (request: IncomingMessage, response: ServerResponse, bytes: Uint8Array) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    const part = bytes.subarray(start)
    response.setHeader('content-length', part.length)
    if (start > 0) response.setHeader('content-range', `bytes ${start}-${bytes.length - 1}/${bytes.length}`)
    response.writeHead(start > 0 ? 206 : 200)
    if (request.method === 'HEAD' || hub.breakAfter === undefined)
      return void response.end(request.method === 'HEAD' ? undefined : part)
    const length = hub.breakAfter
    hub.breakAfter = undefined
    response.write(part.subarray(0, length), () => setTimeout(() => response.destroy(), 50))
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const hub: TestHub = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    commit,
    requests: [],
    authorization: undefined,
    breakAfter: undefined,
    refuse: undefined,
    corrupt: undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return hub
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
export const gitSum = (bytes: Uint8Array) =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
