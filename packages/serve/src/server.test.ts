import { once } from 'node:events'
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { ConvkitError } from '@convkit/core'
import { afterEach, describe, expect, test } from 'vitest'
import { type CreateServerOptions, createServer } from './server.js'
import { type Colour, type ColourBackend, colourBackend, png } from './testing/colour-backend.js'
import { form } from './testing/form.js'

let close: () => Promise<unknown> = async () => {}
afterEach(() => close())

async function start(options: CreateServerOptions = {}, backend: ColourBackend = colourBackend()) {
  const app = await createServer(backend, { maxDelay: 1, ...options })
  close = () => {
    backend.resume()
    return app.close()
  }
  const send = (body: Uint8Array | string, contentType: string, query = '') =>
    app.inject({
      method: 'POST',
      url: `/predict${query}`,
      payload: typeof body === 'string' ? body : Buffer.from(body),
      headers: { 'content-type': contentType },
    })
  const sendForm = (files: Parameters<typeof form>[0]) => {
    const { body, contentType } = form(files)
    return send(body, contentType)
  }
  return { app, backend, send, sendForm }
}

/** Resolves when so many images are in work. */
async function inWork(app: Awaited<ReturnType<typeof createServer>>, images: number): Promise<void> {
  const pattern = new RegExp(`^convkit_images_in_work ${images}$`, 'm')
  await expect.poll(async () => (await app.inject('/metrics')).body, { interval: 5 }).toMatch(pattern)
}

describe('POST /predict', () => {
  test('labels the image that is the body', async () => {
    const { send } = await start()
    for (const type of ['image/png', 'image/jpeg', 'application/octet-stream']) {
      const { statusCode, json } = await send(await png('green'), type)
      expect(statusCode).toBe(200)
      const [{ top }] = json().predictions
      expect(top.map(({ label }: { label: string }) => label)).toEqual(['green', 'red', 'blue'])
      expect(top[0]).toMatchObject({ index: 1, probability: expect.closeTo(0.8, 2) })
    }
  })

  test('labels the files of a form, in order, and shares native calls among them', async () => {
    const { sendForm, backend } = await start({ maxDelay: 50 })
    const colours: Colour[] = ['blue', 'red', 'green', 'red']
    const files = await Promise.all(
      colours.map(async (colour) => ({ name: `${colour}.png`, bytes: await png(colour) })),
    )
    const { predictions } = (await sendForm(files)).json()
    expect(
      predictions.map(({ name, top }: { name: string; top: { label: string }[] }) => [name, top[0]?.label]),
    ).toEqual(colours.map((colour) => [`${colour}.png`, colour]))
    expect(backend.calls).toEqual([4])
  })

  test('gives as many classes as are asked for', async () => {
    const { send } = await start({ top: 2 })
    const count = async (query: string) =>
      (await send(await png('red'), 'image/png', query)).json().predictions[0].top.length
    expect([await count(''), await count('?top=1'), await count('?top=99')]).toEqual([2, 1, 3])
    expect((await send(await png('red'), 'image/png', '?top=none')).json()).toEqual({
      error: 'top must be a number of classes',
      code: 'E_REQUEST',
    })
  })

  test.each([
    ['nothing', new Uint8Array(), 'image/png', 400, 'E_IMAGE', 'The image is empty'],
    ['a text', 'hello, I am a text', 'image/png', 400, 'E_IMAGE', 'The image is not an image'],
    ['JSON', '{"image": 1}', 'application/json', 415, 'E_CONTENT_TYPE', 'Unsupported Media Type'],
    ['a plain text', 'hello', 'text/plain', 415, 'E_CONTENT_TYPE', 'Unsupported Media Type'],
    [
      'a drawing',
      '<svg xmlns="http://www.w3.org/2000/svg"/>',
      'image/svg+xml',
      400,
      'E_IMAGE',
      'not a photo',
    ],
    [
      'an unfinished form',
      '--x\r\nContent-Disp',
      'multipart/form-data; boundary=x',
      400,
      'E_REQUEST',
      'The form cannot be read',
    ],
  ])('refuses %s', async (_what, body, type, status, code, message) => {
    const { send, app } = await start()
    const response = await send(body, type)
    expect(response.statusCode).toBe(status)
    expect(response.json()).toEqual({ error: expect.stringContaining(message), code })
    await inWork(app, 0)
  })

  test('refuses images that are cut off or too large, naming the file, and nothing of their request runs', async () => {
    const { sendForm, backend } = await start({ maxMegapixels: 1, maxDelay: 20 })
    const image = await png('red')
    const cut = image.subarray(0, 40)
    const damaged = await sendForm([
      { name: 'a.png', bytes: cut },
      { name: 'b.png', bytes: image },
    ])
    expect(damaged.statusCode).toBe(400)
    expect(damaged.json().error).toMatch(/^a\.png /)
    const large = await sendForm([{ name: 'b.png', bytes: await png('red', 2000) }])
    expect(large.json().error).toBe('b.png has 4 megapixels, more than the limit of 1')
    expect(backend.calls).toEqual([])
  })

  test('refuses what is beyond the limits of a request', async () => {
    const { sendForm, send, app } = await start({ maxImages: 3, maxBodyBytes: 4000 })
    const bytes = await png('red')
    const many = await sendForm(
      Array.from({ length: 100 }, (_, i) => ({ name: `${i}.png`, bytes: bytes.subarray(0, 8) })),
    )
    expect([many.statusCode, many.json().code]).toEqual([413, 'E_LIMIT'])
    const few = await sendForm(Array.from({ length: 4 }, (_, i) => ({ name: `${i}.png`, bytes })))
    expect(few.json().error).toBe('A request may have 3 images at most; send the others in another')
    const large = await send(new Uint8Array(4001), 'image/png')
    expect([large.statusCode, large.json().code]).toEqual([413, 'E_LIMIT'])
    const empty = await sendForm([])
    expect(empty.json().error).toContain('The form has no file')
    await inWork(app, 0)
  })

  test('takes no more than the queue holds, and says when to come again', async () => {
    const { send, sendForm, app, backend } = await start({ queue: 6, maxImages: 4 })
    const image = await png('red')
    backend.pause()
    const accepted = Array.from({ length: 4 }, () => send(image, 'image/png'))
    await inWork(app, 4)
    const tooMany = await sendForm([1, 2, 3].map((name) => ({ name: `${name}.png`, bytes: image })))
    expect([tooMany.statusCode, tooMany.json().code]).toEqual([503, 'E_BUSY'])
    await inWork(app, 4)
    accepted.push(send(image, 'image/png'), send(image, 'image/png'))
    await inWork(app, 6)
    const refused = await send(image, 'image/png')
    expect(refused.statusCode).toBe(503)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1)
    expect((await app.inject('/v2/health/ready')).statusCode).toBe(200)
    backend.resume()
    for (const response of await Promise.all(accepted)) expect(response.statusCode).toBe(200)
    await inWork(app, 0)
  })

  test('answers in time, or says that it has not', async () => {
    const { send, app, backend } = await start({ timeout: 0.1 })
    backend.pause()
    const { statusCode, json } = await send(await png('red'), 'image/png')
    expect([statusCode, json().code]).toEqual([503, 'E_TIMEOUT'])
    await inWork(app, 0)
  })

  test('tells its log of faults that are its own, and the client none of it', async () => {
    const errors: unknown[] = []
    const { send, app, backend } = await start({ onError: (error) => errors.push(error) })
    const lost = new ConvkitError('E_ENGINE', 'ended by SIGKILL at /secret/path')
    backend.fail(lost)
    const { statusCode, body } = await send(await png('red'), 'image/png')
    expect([statusCode, body]).toEqual([500, expect.not.stringContaining('secret')])
    expect(errors).toEqual([lost, lost])
    expect((await app.inject('/v2/health/ready')).json()).toEqual({ live: true, ready: false })
  })
})

test('ends when what was accepted is answered', async () => {
  const { send, app, backend } = await start()
  backend.pause()
  const image = await png('blue')
  const accepted = [send(image, 'image/png'), send(image, 'image/png')]
  await inWork(app, 2)
  const closed = app.close()
  backend.resume()
  for (const response of await Promise.all(accepted))
    expect(response.json().predictions[0].top[0].label).toBe('blue')
  await closed
  expect(backend.isDisposed).toBe(true)
})

/** Connects and sends a part of a request; resolves to what comes back until the connection ends. */
async function sendPart(url: string, part: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  let answer = ''
  socket.on('data', (chunk) => (answer += chunk))
  socket.write(part)
  await once(socket, 'close')
  return answer
}

const unfinished =
  'POST /predict HTTP/1.1\r\nhost: x\r\ncontent-type: image/png\r\ncontent-length: 99\r\n\r\nabc'

test('a request that does not come to its end is ended, and gives its room back', async () => {
  const { app } = await start({ timeout: 0.2 })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const answer = sendPart(url, unfinished)
  await inWork(app, 1)
  expect(await answer).toMatch(/^HTTP\/1\.1 408 /)
  await inWork(app, 0)
})

test.each([
  ['a body', unfinished],
  ['headers', 'GET / HTTP/1.1\r\nhost'],
])('ends although %s does not come to its end', async (_what, part) => {
  const { app } = await start({ timeout: 0.2 })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const ended = sendPart(url, part)
  await expect
    .poll(() => new Promise((resolve) => app.server.getConnections((_error, count) => resolve(count))))
    .toBe(1)
  await app.close()
  await ended
})

test('rests connections whose requests it refuses, and answers the others meanwhile', async () => {
  const { app, send, backend } = await start({ queue: 1 })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  backend.pause()
  const accepted = send(await png('red'), 'image/png')
  await inWork(app, 1)
  const answers: string[] = []
  const ask = async (name: string, agent: Agent, path: string, method: string, payload?: string) => {
    const request = httpRequest(`${url}${path}`, { method, agent, headers: { 'content-type': 'image/png' } })
    request.end(payload)
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    await once(response.resume(), 'end')
    answers.push(`${name} ${response.statusCode}`)
  }
  const refused = new Agent({ keepAlive: true, maxSockets: 1 })
  await ask('refused', refused, '/predict', 'POST', 'abc')
  const again = ask('refused', refused, '/v2/health/live', 'GET')
  const other = new Agent({ keepAlive: true })
  for (let i = 0; i < 3; i++) await ask('other', other, '/v2/health/live', 'GET')
  await again
  expect(answers).toEqual(['refused 503', 'other 200', 'other 200', 'other 200', 'refused 200'])
  for (const agent of [refused, other]) agent.destroy()
  backend.resume()
  await accepted
})

test('describes itself: pages, OpenAPI, metrics by route and not by address', async () => {
  const { app } = await start()
  const page = await app.inject('/')
  expect(page.headers['content-type']).toContain('text/html')
  expect(page.body).toContain('colours: 3 classes, 4 × 4 pixels')
  expect((await app.inject('/page.js')).statusCode).toBe(200)
  const { paths, openapi } = (await app.inject('/docs/json')).json()
  expect(openapi).toMatch(/^3\./)
  expect(Object.keys(paths).sort()).toEqual([
    '/metrics',
    '/predict',
    '/v2',
    '/v2/health/live',
    '/v2/health/ready',
    '/v2/models/{name}',
    '/v2/models/{name}/infer',
    '/v2/models/{name}/ready',
  ])
  expect((await app.inject('/docs')).body).toContain('swagger')
  const missing = await app.inject('/some/where/else')
  expect([missing.statusCode, missing.json().code]).toEqual([404, 'E_NOT_FOUND'])
  const { body } = await app.inject('/metrics')
  expect(body).toContain('convkit_requests_total{route="none",status="404"} 1')
  expect(body).not.toContain('some/where')
})

test.each([
  [{ queue: 0 }, 'queue must be at least 1, got 0'],
  [{ queue: 4, maxImages: 8 }, 'maxImages must be at most queue, 4, got 8'],
  [{ timeout: 0 }, 'timeout must be more than 0, got 0'],
  [{ maxDelay: -1 }, 'maxDelay must be at least 0, got -1'],
  [{ top: Number.NaN }, 'top must be at least 1, got NaN'],
])('takes no limits that cannot be: %j', async (options, message) => {
  await expect(createServer(colourBackend(), options)).rejects.toThrow(message)
})
