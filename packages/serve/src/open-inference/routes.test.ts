import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createServer } from '../server.js'
import { type Colour, colourBackend, pixels, png, side } from '../testing/colour-backend.js'

const backend = colourBackend()
let app: Awaited<ReturnType<typeof createServer>>
beforeAll(async () => {
  app = await createServer(backend, { maxDelay: 1, maxImages: 8 })
})
afterAll(() => app.close())

const shape = [1, side, side, 3]
const jsonInput = (changes: object = {}) => ({
  name: 'image',
  shape,
  datatype: 'UINT8',
  data: [...pixels('green')],
  ...changes,
})

const post = (payload: Buffer | object, headers: Record<string, string> = {}, name = 'colours') =>
  app.inject({ method: 'POST', url: `/v2/models/${name}/infer`, payload, headers })

/** A body of JSON and what follows it, with the headers that say so. */
function binary(json: object, ...parts: readonly Uint8Array[]) {
  const text = Buffer.from(JSON.stringify(json))
  return [
    Buffer.concat([text, ...parts]),
    {
      'content-type': 'application/octet-stream',
      'inference-header-content-length': String(text.length),
    },
  ] as const
}

const binaryInput = (
  datatype: string,
  count: number,
  bytes: number,
  inputShape = [count, side, side, 3],
) => ({
  name: 'image',
  shape: inputShape,
  datatype,
  parameters: { binary_data_size: bytes },
})

/** An element of BYTES as binary data has it. */
function element(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  return Buffer.concat([length, bytes])
}

describe('metadata and health', () => {
  test('are as the protocol has them', async () => {
    const get = async (url: string) => (await app.inject(url)).json()
    expect(await get('/v2')).toEqual({
      name: 'convkit',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      extensions: ['binary_tensor_data'],
    })
    expect(await get('/v2/health/live')).toEqual({ live: true })
    expect(await get('/v2/health/ready')).toEqual({ live: true, ready: true })
    expect(await get('/v2/models/colours/ready')).toEqual({ name: 'colours', ready: true })
    expect(await get('/v2/models/colours')).toEqual({
      name: 'colours',
      platform: 'convkit',
      inputs: [{ name: 'image', datatype: 'UINT8', shape: [-1, side, side, 3] }],
      outputs: [
        { name: 'probabilities', datatype: 'FP32', shape: [-1, 3] },
        { name: 'logits', datatype: 'FP32', shape: [-1, 3] },
        { name: 'label', datatype: 'BYTES', shape: [-1] },
      ],
    })
  })

  test('another model is not there', async () => {
    for (const response of [
      await app.inject('/v2/models/other'),
      await app.inject('/v2/models/other/ready'),
      await post({ inputs: [jsonInput()] }, {}, 'other'),
    ]) {
      expect(response.statusCode).toBe(404)
      expect(response.json().error).toBe("There is no model 'other'; this server has 'colours'")
    }
  })
})

describe('infer', () => {
  test('takes JSON and gives all outputs, with the id', async () => {
    const response = await post({ id: '42', inputs: [jsonInput()] })
    expect(response.headers['content-type']).toContain('application/json')
    expect(response.json()).toEqual({
      model_name: 'colours',
      id: '42',
      outputs: [
        {
          name: 'probabilities',
          datatype: 'FP32',
          shape: [1, 3],
          data: [0.1, 0.8, 0.1].map((p) => expect.closeTo(p, 6)),
        },
        { name: 'logits', datatype: 'FP32', shape: [1, 3], data: [30, 240, 30] },
        { name: 'label', datatype: 'BYTES', shape: [1], data: ['green'] },
      ],
    })
  })

  test('takes nested data, and gives the outputs that are asked for', async () => {
    const row = Array.from({ length: side }, () => [0, 0, 255])
    const data = [Array.from({ length: side }, () => row)]
    const { outputs } = (await post({ inputs: [jsonInput({ data })], outputs: [{ name: 'label' }] })).json()
    expect(outputs).toEqual([{ name: 'label', datatype: 'BYTES', shape: [1], data: ['blue'] }])
  })

  const labels = async (response: ReturnType<typeof post>) =>
    (await response).json().outputs?.find(({ name }: { name: string }) => name === 'label').data

  test('takes UINT8, FP32 and BYTES as binary data', async () => {
    const colours: Colour[] = ['red', 'blue']
    const uint8 = Buffer.concat(colours.map(pixels))
    const fp32 = Buffer.alloc(uint8.length * 4)
    for (const [i, value] of uint8.entries()) fp32.writeFloatLE(value + 0.25, i * 4)
    const files = Buffer.concat((await Promise.all(colours.map((colour) => png(colour)))).map(element))
    const inputs = [
      [binaryInput('UINT8', 2, uint8.length), uint8],
      [binaryInput('FP32', 2, fp32.length), fp32],
      [binaryInput('BYTES', 2, files.length, [2]), files],
      [binaryInput('BYTES', 2, files.length, [2, 1]), files],
    ] as const
    for (const [input, bytes] of inputs)
      expect(await labels(post(...binary({ inputs: [input] }, bytes)))).toEqual(colours)
  })

  test('takes FP32 and BYTES as JSON', async () => {
    const data = [...pixels('red')].map((value) => value - 0.4)
    expect(await labels(post({ inputs: [jsonInput({ datatype: 'FP32', data })] }))).toEqual(['red'])
    const file = (await png('blue')).toString('base64')
    expect(
      await labels(post({ inputs: [jsonInput({ datatype: 'BYTES', shape: [1], data: [file] })] })),
    ).toEqual(['blue'])
  })

  test('gives binary data for all outputs, or for those that ask for it', async () => {
    const request = {
      parameters: { binary_data_output: true },
      inputs: [jsonInput()],
      outputs: [
        { name: 'label' },
        { name: 'logits', parameters: { binary_data: false } },
        { name: 'probabilities' },
      ],
    }
    const { headers, rawPayload, statusCode } = await post(request)
    expect(statusCode).toBe(200)
    expect(headers['content-type']).toBe('application/octet-stream')
    const length = Number(headers['inference-header-content-length'])
    const { outputs } = JSON.parse(rawPayload.subarray(0, length).toString())
    expect(outputs).toEqual([
      { name: 'label', datatype: 'BYTES', shape: [1], parameters: { binary_data_size: 9 } },
      { name: 'logits', datatype: 'FP32', shape: [1, 3], data: [30, 240, 30] },
      { name: 'probabilities', datatype: 'FP32', shape: [1, 3], parameters: { binary_data_size: 12 } },
    ])
    const data = rawPayload.subarray(length)
    expect(data.subarray(0, 9)).toEqual(element(Buffer.from('green')))
    expect([0, 1, 2].map((i) => data.readFloatLE(9 + 4 * i))).toEqual(
      [0.1, 0.8, 0.1].map((p) => expect.closeTo(p, 6)),
    )
    expect(data.length).toBe(21)
    expect(headers['content-length']).toBe(String(rawPayload.length))
  })

  test.each<[string, object, string]>([
    ['no inputs', {}, 'inputs'],
    ['an empty list of inputs', { inputs: [] }, "The model takes one input, 'image'; got none"],
    ['another input', { inputs: [jsonInput({ name: 'x' })] }, "got 'x'"],
    ['two inputs', { inputs: [jsonInput(), jsonInput()] }, "got 'image', 'image'"],
    ['another type', { inputs: [jsonInput({ datatype: 'INT64' })] }, 'inputs.0.datatype'],
    [
      'another shape',
      { inputs: [jsonInput({ shape: [1, 3, side, side] })] },
      'must have the shape [n, 4, 4, 3], got [1, 3, 4, 4]',
    ],
    ['no image', { inputs: [jsonInput({ shape: [0, side, side, 3], data: [] })] }, 'must have the shape'],
    ['a negative size', { inputs: [jsonInput({ shape: [-1, side, side, 3] })] }, 'inputs.0.shape.0'],
    [
      'a size that is enormous',
      { inputs: [jsonInput({ shape: [2 ** 50, side, side, 3] })] },
      'values, got 48',
    ],
    ['too few values', { inputs: [jsonInput({ data: [1, 2] })] }, 'has 48 values, got 2'],
    [
      'values that are none',
      { inputs: [jsonInput({ data: Array(48).fill('1') })] },
      'must be numbers, got "1"',
    ],
    [
      'normalised values',
      { inputs: [jsonInput({ datatype: 'FP32', data: Array(48).fill(-0.7) })] },
      'must be pixels from 0 to 255, got -0.7',
    ],
    [
      'no data',
      { inputs: [jsonInput({ data: undefined })] },
      'either data or the parameter binary_data_size',
    ],
    ['data twice', { inputs: [jsonInput({ parameters: { binary_data_size: 48 } })] }, 'either data or'],
    [
      'another output',
      { inputs: [jsonInput()], outputs: [{ name: 'x' }] },
      "no output 'x'; it has probabilities, logits, label",
    ],
    [
      'BYTES of pixels',
      { inputs: [jsonInput({ datatype: 'BYTES' })] },
      'of BYTES must have the shape [n], got [1, 4, 4, 3]',
    ],
    [
      'BYTES that are no base64',
      { inputs: [jsonInput({ datatype: 'BYTES', shape: [1], data: ['%'] })] },
      'in base64',
    ],
    [
      'BYTES that are no image',
      { inputs: [jsonInput({ datatype: 'BYTES', shape: [1], data: ['aGVsbG8='] })] },
      'Image 0 is not an image',
    ],
    [
      'fewer BYTES than its shape',
      { inputs: [jsonInput({ datatype: 'BYTES', shape: [2], data: ['aGVsbG8='] })] },
      'has 2 files, got 1',
    ],
  ])('refuses %s', async (_what, request, message) => {
    const calls = backend.calls.length
    const response = await post(request)
    expect(response.statusCode).toBe(400)
    expect(response.json().error).toContain(message)
    expect(backend.calls.length).toBe(calls)
  })

  const image = Buffer.from(pixels('red'))
  test.each<[string, ReturnType<typeof binary>, string]>([
    [
      'fewer bytes than said',
      binary({ inputs: [binaryInput('UINT8', 1, 48)] }, image.subarray(1)),
      'binary_data_size of 48, but 47 bytes are left',
    ],
    [
      'more bytes than said',
      binary({ inputs: [binaryInput('UINT8', 1, 48)] }, image, Buffer.of(1)),
      '1 bytes follow the inputs',
    ],
    [
      'bytes that the shape has not',
      binary({ inputs: [binaryInput('UINT8', 2, 48)] }, image),
      'has 96 bytes as UINT8, got 48',
    ],
    [
      'FP32 of a byte each',
      binary({ inputs: [binaryInput('FP32', 1, 48)] }, image),
      'has 192 bytes as FP32, got 48',
    ],
    [
      'an element beyond its data',
      binary({ inputs: [binaryInput('BYTES', 1, 8, [1])] }, Buffer.of(255, 255, 255, 255, 1, 2, 3, 4)),
      'Element 0 of input',
    ],
    [
      'half a length',
      binary({ inputs: [binaryInput('BYTES', 1, 2, [1])] }, Buffer.of(1, 0)),
      'Element 0 of input',
    ],
    [
      'an element too many',
      binary({ inputs: [binaryInput('BYTES', 1, 10, [1])] }, element(Buffer.of(1)), element(Buffer.of(2))),
      'has 1 files, got 2',
    ],
  ])('refuses binary data with %s', async (_what, [body, headers], message) => {
    const response = await post(body, headers)
    expect([response.statusCode, response.json()]).toEqual([
      400,
      { error: expect.stringContaining(message), code: 'E_REQUEST' },
    ])
  })

  test.each(['-1', '1.5', 'x', '', '99999', '0x10'])('refuses a header length of %j', async (length) => {
    const [body, headers] = binary({ inputs: [binaryInput('UINT8', 1, 48)] }, image)
    const response = await post(body, { ...headers, 'inference-header-content-length': length })
    expect(response.statusCode).toBe(400)
    expect(response.json().error).toContain('Inference-Header-Content-Length must be')
  })

  test('refuses JSON that is none, no body, and other types of content', async () => {
    const octets = { 'content-type': 'application/json' }
    expect((await post(Buffer.from('{"inputs": ['), octets)).json().error).toContain('is not JSON')
    expect((await post(Buffer.of(0xff, 0xfe), octets)).json().error).toContain('is not JSON')
    expect((await post(Buffer.alloc(0), octets)).statusCode).toBe(400)
    expect((await post(image, { 'content-type': 'text/plain' })).statusCode).toBe(415)
  })

  test('refuses more images than a request may have', async () => {
    const many = Buffer.concat(Array(9).fill(image))
    const response = await post(...binary({ inputs: [binaryInput('UINT8', 9, many.length)] }, many))
    expect([response.statusCode, response.json().error]).toEqual([
      413,
      'A request may have 8 images at most, got 9',
    ])
  })

  test('whatever bytes come, the answer is a client error with a reason, or an answer', async () => {
    const [body] = binary({ inputs: [binaryInput('UINT8', 1, 48)] }, image)
    const changes = fc.array(fc.record({ at: fc.nat(body.length - 1), to: fc.nat(255) }), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(changes, fc.nat(body.length + 8), fc.nat(body.length), async (edits, length, cut) => {
        const changed = Buffer.from(body)
        for (const { at, to } of edits) changed[at] = to
        const response = await post(changed.subarray(0, body.length - (cut % 7)), {
          'content-type': 'application/octet-stream',
          'inference-header-content-length': String(length),
        })
        expect([200, 400, 413]).toContain(response.statusCode)
        if (response.statusCode !== 200) expect(response.json().error).not.toBe('')
      }),
      { numRuns: 100 },
    )
  })
})
