// A contestant is a process that waits for a number on standard input, does so many steps, and answers with the
// milliseconds of each as a JSON array. It says "ready" first, and what it runs on; or "missing", and why. So
// contestants take turns: each is timed alone, and the machine's drift hits all of them alike.

import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'

/**
 * Starts a contestant. `ask(steps)` resolves to its times, `memory()` to its resident megabytes and their peak; `stop`
 * ends it. Where the contestant is missing, `{ name, missing }`.
 */
export async function start({ name, command, args, options = {} }) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options })
  const ended = new Promise((resolve) => {
    child.on('exit', (code, signal) => resolve(signal ? `by ${signal}` : `with exit code ${code}`))
  })
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors = (errors + chunk).slice(-2000)
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error(`${name} ended ${await ended}:\n${errors}`)
    return value
  }
  const [first, ...words] = (await next()).split(' ')
  if (first === 'missing') return { name, missing: words.join(' ') }
  if (first !== 'ready') throw new Error(`${name} said ${first} instead of ready:\n${errors}`)
  return {
    name,
    runsOn: words.join(' '),
    async ask(steps) {
      child.stdin.write(`${steps}\n`)
      return JSON.parse(await next())
    },
    memory: () => residentMegabytes(child.pid),
    stop() {
      child.stdin.end()
    },
  }
}

/** Milliseconds that a turn takes at least: code that runs for less has hardly been compiled. */
const shortestTurn = 500

/**
 * Lets contestants take turns: `rounds` times, `steps` each, or more of those that take little time, after a turn that
 * does not count. Medians by name, without those that end in it: `log` is told.
 */
export async function race(contestants, { rounds, steps, log }) {
  const times = new Map(contestants.map(({ name }) => [name, []]))
  const turns = new Map()
  for (let round = 0; round <= rounds; round++) {
    for (const { name, ask } of contestants.filter(({ name }) => times.has(name))) {
      try {
        const taken = await ask(turns.get(name) ?? steps)
        turns.set(name, Math.max(steps, Math.ceil(shortestTurn / median(taken))))
        if (round > 0) times.get(name).push(...taken)
      } catch (error) {
        times.delete(name)
        log(error.message.split('\n')[0])
      }
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
  }
  return new Map([...times].map(([name, values]) => [name, median(values)]))
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Resident memory of a process with those that it has started, and the sum of their peaks, as Linux counts them. */
async function residentMegabytes(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const megabytes = (key) => Math.round(Number(new RegExp(`${key}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024)
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  const all = await Promise.all(children.split(' ').filter(Boolean).map(residentMegabytes))
  const total = (key, own) => all.reduce((sum, child) => sum + child[key], own)
  return { now: total('now', megabytes('VmRSS')), peak: total('peak', megabytes('VmHWM')) }
}
