// Run as a worker: asks an address again and again until it is told to stop, then gives the milliseconds of each answer.

import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { send } from './load.mjs'

const agent = new Agent({ keepAlive: true })
const milliseconds = []
let isOver = false
parentPort.once('message', () => {
  isOver = true
})
while (!isOver) {
  const answer = await send(workerData.url, { method: 'GET', agent })
  milliseconds.push(answer.status === 200 ? answer.milliseconds : Number.POSITIVE_INFINITY)
  await sleep(50)
}
agent.destroy()
parentPort.postMessage(milliseconds)
