import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { paintImages } from '../src/testing/paint-images.js'
import { convkit, makeFolder } from './convkit.js'

/** A Chromium that is installed already; else Playwright's own. */
const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path && existsSync(path),
)

let cwd: string
let browser: Browser
let page: Page
const problems: string[] = []
const asked: string[] = []
beforeAll(async () => {
  cwd = await makeFolder()
  const photos = await paintImages(join(cwd, 'photos'), { blue: 8, green: 8, red: 8 }, 72)
  const options = '--model lenet5 --epochs 4 --batch-size 4 --validation 0.34 --augment light --average ema'
  expect((await convkit(cwd, 'train', photos, ...options.split(' '))).code).toBe(0)

  browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox'] })
  const context = await browser.newContext({ offline: true, viewport: { width: 1280, height: 900 } })
  page = await context.newPage()
  page.on('console', (message) => problems.push(message.text()))
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('request', (request) => asked.push(request.url()))
  await page.goto(pathToFileURL(join(cwd, 'runs/train-1/report.html')).href)
})
afterAll(async () => {
  await browser?.close()
  await rm(cwd, { recursive: true })
})

test('the report opens without a network, and has nothing to complain of', async () => {
  expect(problems).toEqual([])
  expect(asked.filter((url) => !url.startsWith('data:'))).toEqual([page.url()])
  expect(await page.title()).toBe('runs/train-1')
})

test('its charts and pictures are drawn, and nothing leaves the page at any width', async () => {
  const names = await page
    .locator('svg[role=img]')
    .evaluateAll((charts) => charts.map((chart) => chart.getAttribute('aria-label')))
  expect(names).toEqual([
    'Loss',
    'Top-1 accuracy',
    'Loss of each step',
    'Learning rate',
    'Confusion matrix',
    'Reliability diagram',
    'Images by confidence',
  ])
  const pictures = await page.evaluate<boolean[]>(
    '[...document.images].map((image) => image.complete && image.naturalWidth > 0)',
  )
  expect(pictures.length).toBe(2 * 9 + 1)
  expect(pictures).not.toContain(false)
  for (const width of [1280, 700, 380]) {
    await page.setViewportSize({ width, height: 900 })
    const widest = await page.evaluate<number>('document.documentElement.scrollWidth')
    expect(widest).toBeLessThanOrEqual(width)
  }
})
