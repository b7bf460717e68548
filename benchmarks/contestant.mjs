// A contestant is a process that waits for a number on standard input, does so many steps, and answers with the
// milliseconds of each as a JSON array. It says "ready" first. So contestants take turns: each is timed alone, and
// the machine's drift hits all of them alike.

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** Starts a contestant. `ask(steps)` resolves to its times; `stop` ends it. */
export async function start(name, command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options })
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors = (errors + chunk).slice(-2000)
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error(`${name} ended early:\n${errors}`)
    return value
  }
  const ready = await next()
  if (ready !== 'ready') throw new Error(`${name} said ${ready} instead of ready:\n${errors}`)
  return {
    name,
    async ask(steps) {
      child.stdin.write(`${steps}\n`)
      return JSON.parse(await next())
    },
    stop() {
      child.stdin.end()
    },
  }
}

/** Lets contestants take turns: `rounds` times, `steps` each, after a turn that does not count. Medians by name. */
export async function race(contestants, { rounds, steps }) {
  const times = new Map(contestants.map(({ name }) => [name, []]))
  for (let round = 0; round <= rounds; round++) {
    for (const contestant of contestants) {
      const taken = await contestant.ask(steps)
      if (round > 0) times.get(contestant.name).push(...taken)
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
