import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { dirname, extname, join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { paintImages } from '../src/testing/paint-images.js'
import { convkit, makeFolder } from './convkit.js'

/** A Chromium that is installed already; else Playwright's own. */
const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path && existsSync(path),
)

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
}

/** Files of packages under `/<package>/`, as a page would have them from its own server, and those of a folder. */
async function serve(folder: string): Promise<Server> {
  const { resolve } = createRequire(new URL('../../export/package.json', import.meta.url))
  const packages = ['tfjs-core', 'tfjs-converter', 'tfjs-backend-wasm'].map(
    (name) => [name, dirname(resolve(`@tensorflow/${name}/package.json`))] as const,
  )
  const roots = new Map([...packages, ['ort', dirname(resolve('onnxruntime-web'))] as const])
  const server = createServer(async ({ url = '/' }, response) => {
    const [, first = '', ...rest] = url.split('/')
    const root = roots.get(first)
    const path = root ? join(root, ...rest) : join(folder, first, ...rest)
    const body = url === '/' ? Buffer.from('<!doctype html>') : await readFile(path).catch(() => undefined)
    response.writeHead(body ? 200 : 404, { 'content-type': types[extname(path) || '.html'] ?? 'binary' })
    response.end(body)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return server
}

let cwd: string
let server: Server
let browser: Browser
let page: Page
interface First {
  readonly label: string
  readonly probability: number
}
let expected: First[]
let expectedOfUnlikeSizes: First[]
const problems: string[] = []
beforeAll(async () => {
  cwd = await makeFolder()
  await paintImages(join(cwd, 'photos'), { blue: 8, green: 8, red: 8 }, 32)
  const options = '--model resnet20 --epochs 2 --batch-size 4 --validation 0.25 --augment none'
  expect((await convkit(cwd, 'train', 'photos', ...options.split(' '))).code).toBe(0)
  for (const [name, format, input] of [
    ['onnx', 'onnx', 'pixels'],
    ['tfjs', 'tfjs', 'pixels'],
    ['image', 'onnx', 'image'],
  ] as const) {
    const options = ['--format', format, '--input', input, '--out', `model-${name}`]
    expect((await convkit(cwd, 'export', 'runs/train-1', ...options)).code).toBe(0)
  }
  // landscape, portrait, and smaller than the network's 32 pixels
  const sizes = [
    { width: 90, height: 61 },
    { width: 40, height: 77 },
    { width: 30, height: 20 },
  ] as const
  for (const [i, size] of sizes.entries())
    await sharp(join(cwd, paths[i] as string))
      .resize({ ...size, fit: 'fill' })
      .toFile(join(cwd, `${i}.png`))
  const predicted = await convkit(cwd, 'predict', 'runs/train-1', ...paths, '--json')
  expected = firstOf(predicted.stdout)
  expectedOfUnlikeSizes = firstOf(
    (await convkit(cwd, 'predict', 'runs/train-1', ...unlikeSizes, '--json')).stdout,
  )

  server = await serve(cwd)
  browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox'] })
  page = await browser.newPage()
  page.on('pageerror', (error) => problems.push(error.message))
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
})
afterAll(async () => {
  await browser?.close()
  server?.close()
  await rm(cwd, { recursive: true })
})

const paths = ['photos/blue/0.png', 'photos/green/1.png', 'photos/red/2.png']

const unlikeSizes = ['0.png', '1.png', '2.png']

/** The class that `convkit predict` has first for each image. */
const firstOf = (json: string): First[] =>
  JSON.parse(json).predictions.map(({ top }: { top: First[] }) => top[0])

/** In the page: the pixels of an image, and the probabilities of logits. */
const helpers = `
  const pixelsOf = async (path) => {
    const bitmap = await createImageBitmap(await (await fetch(path)).blob())
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
    context.drawImage(bitmap, 0, 0)
    return context.getImageData(0, 0, bitmap.width, bitmap.height)
  }
  const softmax = (logits) => {
    const powers = logits.map((logit) => Math.exp(logit - Math.max(...logits)))
    const sum = powers.reduce((a, b) => a + b)
    return powers.map((power) => power / sum)
  }
`

function expectPredictions(
  found: readonly (readonly number[])[],
  expected: readonly First[],
  digits = 4,
): void {
  const labels = ['blue', 'green', 'red']
  expect(problems).toEqual([])
  expect(found).toHaveLength(expected.length)
  for (const [i, probabilities] of found.entries()) {
    const most = Math.max(...probabilities)
    expect(labels[probabilities.indexOf(most)]).toBe(expected[i]?.label)
    expect(most).toBeCloseTo(expected[i]?.probability ?? 0, digits)
  }
}

test('tf.loadGraphModel opens an exported model in a page, which predicts as convkit does', async () => {
  for (const name of ['tfjs-core/dist/tf-core', 'tfjs-converter/dist/tf-converter'])
    await page.addScriptTag({ url: `/${name}.min.js` })
  await page.addScriptTag({ url: '/tfjs-backend-wasm/dist/tf-backend-wasm.min.js' })
  const found = await page.evaluate<number[][]>(`(async () => {
    ${helpers}
    tf.wasm.setWasmPaths('/tfjs-backend-wasm/wasm-out/')
    await tf.setBackend('wasm')
    const model = await tf.loadGraphModel('/model-tfjs/model.json')
    const rows = []
    for (const path of ${JSON.stringify(paths)}) {
      const image = tf.expandDims(tf.browser.fromPixels(await pixelsOf('/' + path)))
      rows.push(softmax([...await model.predict(image).data()]))
    }
    return rows
  })()`)
  expectPredictions(found, expected)
})

const predictInPage = (model: string, images: readonly string[]) =>
  page.evaluate<number[][]>(`(async () => {
    ${helpers}
    ort.env.wasm.wasmPaths = '/ort/'
    ort.env.wasm.numThreads = 1
    const session = await ort.InferenceSession.create('${model}')
    const rows = []
    for (const path of ${JSON.stringify(images)}) {
      const { data, width, height } = await pixelsOf('/' + path)
      const rgb = data.filter((_, i) => i % 4 < 3)
      const image = new ort.Tensor('uint8', new Uint8Array(rgb), [1, height, width, 3])
      rows.push(softmax([...(await session.run({ image })).logits.data]))
    }
    return rows
  })()`)

test('onnxruntime-web opens exported models in a page, which predict as convkit does', async () => {
  await page.addScriptTag({ url: '/ort/ort.wasm.min.js' })
  expectPredictions(await predictInPage('/model-onnx', paths), expected)
  expectPredictions(await predictInPage('/model-image', unlikeSizes), expectedOfUnlikeSizes, 3)
})
