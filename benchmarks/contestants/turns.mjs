// A contestant's side of the turns: requests come in as lines with a number of steps, times go out as JSON.

import { createInterface } from 'node:readline'

const requests = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

/** Says what the contestant runs on, and that it can begin. */
export const ready = (runsOn) => console.log(`ready ${runsOn}`)

/** How many steps the next turn has; undefined when there are no more turns. */
export async function nextTurn() {
  const { value, done } = await requests.next()
  return done ? undefined : Number(value)
}

export const answer = (times) => console.log(JSON.stringify(times))

/** Takes all turns with a function that does one step. */
export async function takeTurns(step) {
  for (let steps = await nextTurn(); steps !== undefined; steps = await nextTurn()) {
    const times = []
    for (let i = 0; i < steps; i++) {
      const started = performance.now()
      await step()
      times.push(performance.now() - started)
    }
    answer(times)
  }
}
