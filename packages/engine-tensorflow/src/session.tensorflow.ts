import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { smallNetwork, smallNetworkFeeds } from '@convkit/core/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { tensorflowEngine } from './engine.js'

const { TMPDIR } = process.env
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convkit-session-'))
  process.env.TMPDIR = folder
})
afterEach(() => {
  if (TMPDIR === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = TMPDIR
  rmSync(folder, { recursive: true })
})

/** Other options than those of other tests: so each has a process of its own. */
const start = (threads: number) => tensorflowEngine({ threads })

test('no temporary file is left, neither while a program runs nor after it', async () => {
  const program = smallNetwork()
  const session = await (await start(3)).load(program)
  await session.run('train', smallNetworkFeeds(program.signatures.train!, 0))
  expect(readdirSync(folder)).toEqual([])
  await session.dispose()
  expect(readdirSync(folder)).toEqual([])
})

test('programs beside each other keep their own state', async () => {
  const engine = await start(1)
  const programs = [smallNetwork({ width: 4 }), smallNetwork({ width: 6 })]
  const train = async (program: (typeof programs)[0], steps: number) => {
    const session = await engine.load(program)
    for (let step = 0; step < steps; step++)
      await session.run('train', smallNetworkFeeds(program.signatures.train!, step))
    const state = await session.read()
    await session.dispose()
    return state
  }
  const together = await Promise.all(programs.map((program, i) => train(program, 3 + i)))
  for (const [i, program] of programs.entries()) expect(together[i]).toEqual(await train(program, 3 + i))
})

test('the event loop goes on while TensorFlow computes', async () => {
  const program = smallNetwork({ width: 64, batchSize: 16, size: 64 })
  const session = await (await start(1)).load(program)
  const feeds = smallNetworkFeeds(program.signatures.train!, 0)
  await session.run('train', feeds)
  let longest = 0
  let last = performance.now()
  const beat = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 1)
  const started = performance.now()
  await session.run('train', feeds)
  const took = performance.now() - started
  clearInterval(beat)
  await session.dispose()
  expect(longest).toBeLessThan(took / 2)
})

test.runIf(process.platform === 'linux')('memory does not grow over 1,000 steps', async () => {
  const engine = await start(4)
  const program = smallNetwork({ size: 48, batchSize: 8 }) // 55 kB of images a step: 55 MB would stay of all
  const session = await engine.load(program)
  const feeds = smallNetworkFeeds(program.signatures.train!, 0)
  const pid = children().at(-1) as number
  const sizes: number[] = []
  // The allocators of TensorFlow and of Node take what they keep in the first steps.
  for (let step = 0; step < 800; step++) await session.run('train', feeds)
  for (let step = 0; step < 1000; step++) {
    await session.run('train', feeds)
    sizes.push(residentMegabytes(pid))
  }
  await session.dispose()
  expect(median(sizes.slice(-50)) - median(sizes.slice(0, 50))).toBeLessThan(8)
})

/** Processes that this one has started, the last one last. */
function children(): number[] {
  const list = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
  return list.trim().split(' ').map(Number)
}

function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] as number
}
