import { floatTensor } from '@convkit/core'
import { expect, test } from 'vitest'
import { overlay } from './overlay.js'

test('a picture is as it was where nothing matters, and red where most does', async () => {
  const picture = { height: 8, width: 8, channels: 1 as const, data: new Uint8Array(64).fill(100) }
  const { data } = await overlay(picture, floatTensor([1, 2], Float32Array.of(0, 1)))
  const [first, last] = [data.slice(0, 3), data.slice(7 * 3, 8 * 3)]
  expect([...first]).toEqual([100, 100, 100])
  expect(last[0]).toBeGreaterThan(160)
  expect(last[2]).toBeLessThan(80)
})
