import { expect, test } from 'vitest'
import { roundChannels } from './round-channels.js'

test.each([
  [1, 8],
  [8.8, 8],
  [12, 16],
  [35.2, 32],
  // 16 is less than nine tenths of 18
  [18, 24],
])('%d channels become %i', (channels, rounded) => {
  expect(roundChannels(channels)).toBe(rounded)
})
