import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'

// The built site: `npm run docs:build`, which `npm run test:browser` has done.

const site = fileURLToPath(new URL('../.vitepress/dist', import.meta.url))

/** A Chromium that is installed already; else Playwright's own. */
const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path && existsSync(path),
)

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
}

/** What any host of files does: a folder has an index, and nothing else is guessed. */
async function serve(): Promise<Server> {
  const server = createServer(async ({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://site')
    const file = join(site, pathname.endsWith('/') ? `${pathname}index.html` : pathname)
    const body = await readFile(file).catch(() => undefined)
    response.writeHead(body ? 200 : 404, { 'content-type': types[extname(file)] ?? 'text/plain' })
    response.end(body)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return server
}

let server: Server
let browser: Browser
let page: Page
let origin: string
const problems: string[] = []

beforeAll(async () => {
  server = await serve()
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox'] })
})
afterAll(async () => {
  await browser?.close()
  server?.close()
})

beforeEach(async () => {
  problems.length = 0
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('request', (request) => {
    const { protocol, origin: asked } = new URL(request.url())
    if (protocol.startsWith('http') && asked !== origin) problems.push(`asked ${request.url()}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`)
  })
})
afterEach(async () => {
  await page.close()
  expect(problems).toEqual([])
})

/** Opens a page and waits until it is quiet. */
async function open(path: string): Promise<void> {
  await page.goto(origin + path, { waitUntil: 'networkidle' })
}

const pages = [
  ['/', 'Image classification for TypeScript'],
  ['/guide/getting-started.html', 'Getting started'],
  ['/guide/transfer.html', 'Transfer learning'],
  ['/guide/figures.html', 'Measured figures'],
  ['/concepts/small-kernels.html', 'Small kernels for large ones'],
  ['/concepts/connections.html', 'Residual, highway, dense'],
  ['/architectures/', 'Architectures'],
  ['/architectures/resnet.html', 'resnet'],
  ['/reference/cli/', 'Command line'],
  ['/reference/cli/train.html', 'convkit train'],
  ['/reference/errors.html', 'Error codes'],
  ['/reference/api/core.html', '@convkit/core'],
] as const

test.each(pages)('%s opens, and fits any width', async (path, heading) => {
  await open(path)
  expect(await page.locator('h1').first().textContent()).toContain(heading)
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 })
    const widest = await page.evaluate<number>('document.documentElement.scrollWidth')
    expect(widest).toBeLessThanOrEqual(width)
  }
})

test('every link within the site leads to a page, and to a heading of it', async () => {
  const names = (await readdir(site, { recursive: true })).filter((name) => name.endsWith('.html'))
  const texts = await Promise.all(
    names.map(async (name) => [name, await readFile(join(site, name), 'utf8')] as const),
  )
  const anchors = new Map(
    texts.map(([name, text]) => [name, new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))]),
  )
  const links = texts.flatMap(([name, text]) =>
    [...text.matchAll(/<a [^>]*?href="([^"]+)"/g)].map(([, href = '']) => ({
      from: name,
      to: new URL(href.replaceAll('&amp;', '&'), `${origin}/${name}`),
    })),
  )
  const within = links.filter(({ to }) => to.origin === origin)
  expect(within.length).toBeGreaterThan(5000)
  const dead = within.filter(({ to }) => {
    const path = decodeURIComponent(to.pathname).slice(1)
    const ids = anchors.get(path === '' || path.endsWith('/') ? `${path}index.html` : path)
    return !ids || (to.hash !== '' && !ids.has(decodeURIComponent(to.hash.slice(1))))
  })
  expect(dead.map(({ from, to }) => `${from} → ${to.pathname}${to.hash}`)).toEqual([])
})

test('what is made from the packages is there', async () => {
  await open('/reference/cli/train.html')
  expect(await page.locator('main code', { hasText: '--strategy <name>' }).count()).toBe(1)
  await open('/reference/errors.html')
  expect(await page.locator('#e_image').textContent()).toContain('E_IMAGE')
  await open('/architectures/resnet.html')
  expect(await page.locator('main').textContent()).toContain('25,557,032')
  await open('/reference/api/train.html')
  expect(await page.locator('h3', { hasText: /^fit\(\)/ }).count()).toBe(1)
  await open('/guide/figures.html')
  expect(await page.locator('[data-figures=training] .row').count()).toBeGreaterThan(20)
})

test('the search finds a name of the reference', async () => {
  await open('/guide/')
  await page.keyboard.press('Control+k')
  await page.locator('.VPLocalSearchBox input').fill('earlyStopping')
  const first = page.locator('.VPLocalSearchBox .result').first()
  await first.waitFor()
  expect(await first.textContent()).toMatch(/earlyStopping|Callbacks/)
})

test('the table of architectures is sorted and searched', async () => {
  await open('/architectures/')
  await page.locator('input[type=search]').fill('mobilenet')
  await page.getByRole('button', { name: /^parameters/ }).click()
  const names = await page.locator('[data-demo=models] tbody code').allInnerTexts()
  expect(names.length).toBeGreaterThan(10)
  expect(names.every((name) => name.includes('mobilenet'))).toBe(true)
  const counts = await page.locator('[data-demo=models] tbody td:nth-child(2)').allInnerTexts()
  const numbers = counts.map((count) => Number(count.replaceAll(',', '')))
  expect(numbers).toEqual([...numbers].sort((a, b) => b - a))
})

test('the explorer counts the networks that are chosen', async () => {
  await open('/demos/explorer.html')
  const parameters = page.locator('[data-parameters]')
  await parameters.waitFor()
  expect(await parameters.textContent()).toBe('25,557,032')
  await page.locator('[data-model]').selectOption('vgg16')
  expect(await parameters.textContent()).toBe('138,357,544')
  expect(new URL(page.url()).search).toBe('?model=vgg16')
  expect(await page.locator('.table tbody tr').count()).toBeGreaterThan(15)

  await open('/demos/explorer.html?model=lenet5')
  expect(await parameters.textContent()).toBe('61,706')
  await page.getByLabel('Classes').fill('26')
  expect(await parameters.textContent()).toBe((61_706 + 16 * 85).toLocaleString('en'))
  await open(`/demos/explorer.html${new URL(page.url()).search}`)
  expect(await parameters.textContent()).toBe((61_706 + 16 * 85).toLocaleString('en'))

  await page.locator('[data-model]').selectOption('inception_v3')
  await page.getByLabel('Side of the input').fill('20')
  expect(await page.locator('[role=alert]').textContent()).toMatch(/pool|conv/i)
})

test('the playground paints other pictures for other recipes and seeds, and the same for the same', async () => {
  await open('/demos/augmentation.html')
  const canvases = page.locator('[data-demo=augmentation] canvas')
  await expect.poll(() => canvases.count()).toBe(13)
  const settled = async () => {
    await page.waitForTimeout(500)
    return canvases.evaluateAll((all) => all.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()))
  }
  const light = await settled()
  expect(new Set(light).size).toBe(13)
  await page.locator('[data-recipe]').selectOption('vgg')
  const vgg = await settled()
  expect(vgg[0]).toBe(light[0])
  expect(vgg.slice(1)).not.toEqual(light.slice(1))
  await page.locator('[data-seed]').fill('2')
  expect((await settled()).slice(1)).not.toEqual(vgg.slice(1))
  await page.locator('[data-seed]').fill('1')
  expect(await settled()).toEqual(vgg)

  const red = { create: { width: 64, height: 48, channels: 3, background: '#f00' } } as const
  const buffer = await sharp(red).png().toBuffer()
  await page.locator('[data-file]').setInputFiles({ name: 'red.png', mimeType: 'image/png', buffer })
  await page.locator('[data-recipe]').selectOption('none')
  await page.waitForTimeout(500)
  const corner = await canvases
    .first()
    .evaluate((canvas) => [
      ...((canvas as HTMLCanvasElement).getContext('2d')?.getImageData(9, 9, 1, 1).data ?? []),
    ])
  expect(corner).toEqual([255, 0, 0, 255])
})

test('a network is trained in the page: its loss falls, and it knows new shapes', {
  timeout: 240_000,
}, async () => {
  await open('/demos/training.html')
  await page.locator('[data-epochs]').fill('4')
  await page.locator('[data-train]').click()
  const loss = async () => Number(await page.locator('[data-loss]').textContent())
  await page.locator('[data-loss]').waitFor({ timeout: 60_000 })
  const first = await loss()
  await page.locator('[data-state=trained]').waitFor({ timeout: 200_000 })
  expect(first).toBeGreaterThan(1.2)
  expect(await loss()).toBeLessThan(first / 2)
  expect(Number.parseFloat((await page.locator('[data-top1]').textContent()) ?? '')).toBeGreaterThan(80)

  const answers = page.locator('[data-answer]')
  await expect.poll(() => answers.count(), { timeout: 20_000 }).toBe(10)
  const wrong = await page.locator('[data-answer].wrong').count()
  expect(wrong).toBeLessThanOrEqual(3)
})

test('training stops when it is told to, and leaves a network', { timeout: 120_000 }, async () => {
  await open('/demos/training.html')
  await page.locator('[data-train]').click()
  await page.locator('[data-loss]').waitFor({ timeout: 60_000 })
  await page.getByRole('button', { name: 'Stop' }).click()
  await page.locator('[data-state=trained]').waitFor({ timeout: 60_000 })
  expect(await page.locator('[data-epoch]').textContent()).toBe('0')
  await expect.poll(() => page.locator('[data-answer]').count(), { timeout: 20_000 }).toBe(10)
})
