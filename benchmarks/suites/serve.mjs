// `convkit serve` beside the engine's own predictions, and under ten times the load that it can take: requests a second,
// how long accepted ones take, how quickly health is answered meanwhile, and memory.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { createRegistry, createVariant, inputPredictor, random } from '@convkit/core'
import { loadModel, saveModel } from '@convkit/core/node'
import { readInput } from '@convkit/data'
import onnx from '@convkit/engine-onnx'
import zoo from '@convkit/zoo'
import { median, residentMegabytes } from '../contestant.mjs'
import { writeCsv } from '../csv.mjs'
import { closedLoop, openLoop, quantile } from '../load.mjs'
import { made } from '../photos.mjs'

const cases = [
  { model: 'resnet18', size: 224 },
  { model: 'resnet20', size: 32, classes: 10 },
]
const batchSize = 16
const secondsATurn = 4
const secondsOfOverload = 15

const bin = fileURLToPath(new URL('../../packages/cli/bin/convkit.js', import.meta.url))

export async function run({ rounds, isWanted, log }) {
  const rows = []
  const registry = createRegistry(zoo, onnx)
  for (const { model: name, size, classes } of cases.filter(({ model }) => isWanted(model))) {
    const folder = await mkdtemp(join(tmpdir(), 'convkit-serve-'))
    const preprocessing = { inputSize: [size, size] }
    const first = await createVariant(registry.model(name), {
      registry,
      classes,
      preprocessing,
      engine: 'onnx',
    })
    await saveModel(first, join(folder, 'model'))
    const [{ path }] = await made(1, { height: 375, width: 500 }, join(folder, 'photos'))
    const jpeg = await readFile(path)
    const model = await loadModel(join(folder, 'model'), { registry, engine: 'onnx' })
    const server = await serve(join(folder, 'model'))

    const kinds = kindsOf(server.url, model, jpeg)
    const speeds = new Map(kinds.map(({ kind }) => [kind, { own: [], served: [] }]))
    for (let round = 0; round <= rounds; round++) {
      for (const { kind, own, request } of kinds) {
        const ownSpeed = await imagesPerSecond(own)
        const { answers, seconds } = await closedLoop(request.url, { ...request, seconds: secondsATurn })
        const failed = answers.filter(({ status }) => status !== 200).length
        if (failed > 0) throw new Error(`${failed} of ${answers.length} requests failed`)
        if (round === 0) continue
        speeds.get(kind).own.push(ownSpeed)
        speeds.get(kind).served.push((answers.length * request.images) / seconds)
      }
    }
    const throughput = [...speeds].map(([kind, { own, served }]) => {
      const [engine, http] = [median(own), median(served)]
      log(
        `${name}  ${kind.padEnd(24)} ${http.toFixed(0)} images/s by HTTP, ${engine.toFixed(0)} without: ${(http / engine).toFixed(2)}`,
      )
      return { kind, engine: Math.round(engine), http: Math.round(http), share: round2(http / engine) }
    })

    const capacity = throughput.find(({ kind }) => kind === 'jpeg').http
    const overload = await overloaded(server, { perSecond: 10 * capacity, jpeg })
    log(
      `${name}  at ${overload.offered} requests/s of ${capacity}: ${overload.accepted} answered a second, p99 ${overload.p99} ms; health p99 ${overload.healthP99} ms, longest ${overload.healthMax} ms; memory ${overload.memoryBefore} to ${overload.memoryAfter} MB`,
    )
    await server.stop()
    await model.dispose()
    await rm(folder, { recursive: true })
    rows.push({ case: name, throughput, overload })
    await writeCsv(
      'serve',
      ['model', 'size', 'requests', 'images/s by HTTP', 'images/s of the engine', 'share'],
      throughput.map(({ kind, http, engine, share }) => [name, size, kind, http, engine, share]),
      { keys: 3 },
    )
    await writeCsv(
      'serve-overload',
      ['model', 'size', ...Object.keys(overload)],
      [[name, size, ...Object.values(overload)]],
      { keys: 2 },
    )
  }
  return rows
}

/** Kinds of requests, each with what the engine does alone for it: a function that computes a batch. */
function kindsOf(url, model, jpeg) {
  const { inputSize, channels } = model.preprocessing
  const [height, width] = inputSize
  const bytes = height * width * channels
  const stream = random(1, 'pixels')
  const pixels = Uint8Array.from({ length: batchSize * bytes }, (_, i) => stream.uint32(i) & 255)
  const images = Array.from({ length: batchSize }, (_, i) => ({
    height,
    width,
    channels,
    data: pixels.subarray(i * bytes, (i + 1) * bytes),
  }))
  const predictor = inputPredictor(model, batchSize)
  const tensors = (count) =>
    inferRequest(`${url}/v2/models/${model.name}/infer`, pixels.subarray(0, count * bytes), [
      count,
      height,
      width,
      channels,
    ])
  const decode = () => Promise.all(images.map(() => readInput(jpeg, model.preprocessing)))
  // The next images are decoded while these are computed, as datasets have it.
  let next = decode()
  return [
    {
      kind: 'tensors of 16 images',
      own: () => predictor.infer(images),
      request: { ...tensors(batchSize), clients: 4, images: batchSize },
    },
    {
      kind: 'tensors of one image',
      own: () => predictor.infer(images),
      request: { ...tensors(1), clients: 48, images: 1 },
    },
    {
      kind: 'jpeg',
      async own() {
        const decoded = await next
        next = decode()
        await predictor.infer(decoded.map((data) => ({ height, width, channels, data })))
      },
      request: {
        url: `${url}/predict`,
        body: jpeg,
        headers: { 'content-type': 'image/jpeg' },
        clients: 48,
        images: 1,
      },
    },
  ]
}

/** A request of the Open Inference Protocol with binary data both ways. */
function inferRequest(url, pixels, shape) {
  const json = Buffer.from(
    JSON.stringify({
      inputs: [{ name: 'image', datatype: 'UINT8', shape, parameters: { binary_data_size: pixels.length } }],
      outputs: [{ name: 'probabilities', parameters: { binary_data: true } }],
    }),
  )
  return {
    url,
    body: Buffer.concat([json, pixels]),
    headers: { 'content-type': 'application/octet-stream', 'inference-header-content-length': json.length },
  }
}

async function imagesPerSecond(computeBatch) {
  const started = performance.now()
  let batches = 0
  for (; performance.now() - started < 1000 * secondsATurn; batches++) await computeBatch()
  return (batches * batchSize) / ((performance.now() - started) / 1000)
}

async function overloaded({ url, memory }, { perSecond, jpeg }) {
  const load = (seconds) =>
    openLoop(`${url}/predict`, {
      perSecond,
      seconds,
      // Refused connections rest for half a second: fewer could not ask for ten times the load
      most: 4000,
      body: jpeg,
      headers: { 'content-type': 'image/jpeg' },
    })
  // Buffers and the heap grow to their size first.
  await load(secondsOfOverload / 3)
  const memoryBefore = await memory()
  const health = new Worker(new URL('../health.mjs', import.meta.url), {
    workerData: { url: `${url}/v2/health/live` },
  })
  const { answers, seconds, offered } = await load(secondsOfOverload)
  health.postMessage('stop')
  const [milliseconds] = await once(health, 'message')
  const accepted = answers.filter(({ status }) => status === 200)
  const refused = answers.filter(({ status }) => status === 503)
  return {
    offered: Math.round(offered / seconds),
    accepted: Math.round(accepted.length / seconds),
    refused: Math.round(refused.length / seconds),
    failed: answers.length - accepted.length - refused.length,
    p50: Math.round(
      quantile(
        accepted.map(({ milliseconds }) => milliseconds),
        0.5,
      ),
    ),
    p99: Math.round(
      quantile(
        accepted.map(({ milliseconds }) => milliseconds),
        0.99,
      ),
    ),
    healthP99: Math.round(quantile(milliseconds, 0.99)),
    healthMax: Math.round(Math.max(...milliseconds)),
    memoryBefore,
    memoryAfter: await memory(),
  }
}

/** Starts the command; `memory` is that of its two processes in megabytes. */
async function serve(folder) {
  const child = spawn(
    process.execPath,
    [bin, 'serve', folder, '--port', '0', '--engine', 'onnx', '--json', '--quiet'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const ended = once(child, 'exit')
  const [line] = await Promise.race([once(child.stdout, 'data'), ended])
  const { url } = JSON.parse(line)
  return {
    url,
    memory: async () => (await residentMegabytes(child.pid)).now,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

const round2 = (value) => Math.round(100 * value) / 100
