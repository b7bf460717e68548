import { readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { PredictResponse } from '@convkit/serve'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { paintImages } from '../src/testing/paint-images.js'
import { convkit, makeFolder, start } from './convkit.js'

let cwd: string
let images: Buffer[]
beforeAll(async () => {
  cwd = await makeFolder()
  const photos = await paintImages(join(cwd, 'photos'), { blue: 8, red: 8 })
  images = await Promise.all(['blue/0.png', 'red/0.png'].map((file) => readFile(join(photos, file))))
  const options = [
    '--model',
    'resnet18',
    '--size',
    '32',
    '--epochs',
    '1',
    '--batch-size',
    '4',
    '--lr',
    '0.01',
  ]
  expect(await convkit(cwd, 'train', 'photos', ...options)).toMatchObject({ code: 0 })
})
afterAll(() => rm(cwd, { recursive: true }))

type Server = ReturnType<typeof start>
const running = new Set<Server['child']>()
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
})

/** Starts the command; resolves to its address when it listens. */
async function serve(...options: readonly string[]): Promise<Server & { readonly url: string }> {
  const server = start(cwd, [
    'serve',
    'runs/train-1',
    '--port',
    '0',
    '--engine',
    'onnx',
    '--json',
    ...options,
  ])
  running.add(server.child)
  let text = ''
  server.child.stdout.on('data', (chunk) => (text += chunk))
  await server.printed(/"url"/)
  return { ...server, url: JSON.parse(text).url }
}

const predict = (url: string, image: Buffer) =>
  fetch(`${url}/predict`, {
    method: 'POST',
    body: new Uint8Array(image),
    headers: { 'content-type': 'image/png' },
  })

const predictionsOf = async (response: Response) => ((await response.json()) as PredictResponse).predictions

test('predicts as convkit predict does, by /predict and by the Open Inference Protocol', async () => {
  const { url, child, result } = await serve()
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  const expected = await convkit(
    cwd,
    'predict',
    'runs/train-1',
    'photos/blue/0.png',
    'photos/red/0.png',
    '--json',
  )
  const form = new FormData()
  for (const image of images) form.append('image', new Blob([new Uint8Array(image)]), 'x.png')
  const predictions = await predictionsOf(await fetch(`${url}/predict`, { method: 'POST', body: form }))
  for (const [i, { top }] of JSON.parse(expected.stdout).predictions.entries()) {
    const byLabel = new Map((predictions[i]?.top ?? []).map((each) => [each.label, each.probability]))
    // decoding and resizing in one step is within a grey level
    for (const { label, probability } of top) expect(byLabel.get(label)).toBeCloseTo(probability, 2)
  }
  const data = images.map((image) => image.toString('base64'))
  const inferred = await fetch(`${url}/v2/models/resnet18/infer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      inputs: [{ name: 'image', datatype: 'BYTES', shape: [2], data }],
      outputs: [{ name: 'label' }],
    }),
  })
  const { outputs } = (await inferred.json()) as { outputs: { data: string[] }[] }
  expect(outputs[0]?.data).toEqual(predictions.map(({ top }) => top[0]?.label))
  child.kill('SIGTERM')
  expect((await result).code).toBe(0)
})

test('a signal while requests are in work: what was accepted is answered, then the command ends', async () => {
  // images wait for others long enough for the signal to find them waiting
  const { url, child, result } = await serve('--max-delay', '1500')
  const [blue] = images as [Buffer]
  const accepted = Array.from({ length: 3 }, () => predict(url, blue))
  await expect.poll(async () => (await fetch(`${url}/metrics`)).text()).toMatch(/^convkit_images_waiting 3$/m)
  child.kill('SIGTERM')
  for (const response of await Promise.all(accepted)) {
    expect(response.status).toBe(200)
    expect(await predictionsOf(response)).toHaveLength(1)
  }
  const { code, stderr } = await result
  expect([code, stderr]).toEqual([0, expect.stringContaining('answering what was accepted')])
  await expect(fetch(url)).rejects.toThrow()
})

test('a model whose process is killed ends the command, with a reason', async () => {
  const { child, result } = await serve()
  const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')
  process.kill(Number(children.trim()), 'SIGKILL')
  const { code, stderr } = await result
  expect(code).toBe(1)
  expect(stderr).toContain("The model's process ended by SIGKILL (E_ENGINE)")
})

test('what cannot be served is said in a line', async () => {
  const missing = await convkit(cwd, 'serve', 'nowhere')
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no model at nowhere') })
  const engine = await convkit(cwd, 'serve', 'runs/train-1', '--engine', 'none')
  expect(engine).toMatchObject({ code: 2, stderr: expect.stringContaining('E_UNKNOWN_ENGINE') })
  const limit = await convkit(cwd, 'serve', 'runs/train-1', '--engine', 'onnx', '--queue', '0')
  expect(limit).toMatchObject({ code: 2, stderr: expect.stringContaining('queue must be at least 1, got 0') })
  const taken = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => taken.once('listening', resolve))
  const address = taken.address()
  const port = typeof address === 'object' ? String(address?.port) : ''
  const listen = await convkit(cwd, 'serve', 'runs/train-1', '--engine', 'onnx', '--port', port)
  taken.close()
  expect(listen).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('something listens there already'),
  })
})
