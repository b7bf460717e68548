import { expect, test } from 'vitest'
import { outbox } from './outbox.js'

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('what comes up in a turn of the event loop goes together', async () => {
  const sent: (readonly number[])[] = []
  const send = outbox<number>((things) => sent.push(things), 3)
  send(1)
  await Promise.resolve()
  send(2)
  expect(sent).toEqual([])
  await turn()
  expect(sent).toEqual([[1, 2]])
  await turn()
  expect(sent).toHaveLength(1)
})

test('as soon as there are enough', async () => {
  const sent: (readonly number[])[] = []
  const send = outbox<number>((things) => sent.push(things), 3)
  for (let i = 0; i < 7; i++) send(i)
  expect(sent).toEqual([
    [0, 1, 2],
    [3, 4, 5],
  ])
  await turn()
  expect(sent[2]).toEqual([6])
})
