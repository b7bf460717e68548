import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { withLock } from './lock.js'
import { makeFolder } from './testing/fake-project.js'

test('one at a time, each waiting for those before', async () => {
  const path = join(await makeFolder(), 'lock')
  const events: string[] = []
  const work = (name: string) =>
    withLock(
      () => events.push(`${name} waits`),
      async () => {
        events.push(`${name} begins`)
        await setTimeout(20)
        events.push(`${name} ends`)
        return name
      },
      path,
    )
  const first = work('first')
  await setTimeout(5)
  expect(await Promise.all([first, work('second'), work('third')])).toEqual(['first', 'second', 'third'])
  expect(events.slice(0, 4)).toEqual(['first begins', 'second waits', 'third waits', 'first ends'])
  for (const name of ['second', 'third'])
    expect(events.indexOf(`${name} ends`)).toBe(events.indexOf(`${name} begins`) + 1)
})

test('is free again after a failure', async () => {
  const path = join(await makeFolder(), 'lock')
  const never = () => expect.unreachable('the lock is free')
  await expect(withLock(never, () => Promise.reject(new Error('no disk')), path)).rejects.toThrow('no disk')
  expect(await withLock(never, async () => 'done', path)).toBe('done')
})
