import { expect, it } from 'vitest'
import { mirrored } from './mirror.js'

it('swaps left and right of each row of each image of a batch', () => {
  const grey = Uint8Array.of(1, 2, 3, 4, 5, 6)
  expect([...mirrored({ images: grey, width: 3, channels: 1 })]).toEqual([3, 2, 1, 6, 5, 4])
  const colours = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
  expect([...mirrored({ images: colours, width: 2, channels: 3 })]).toEqual([
    4, 5, 6, 1, 2, 3, 10, 11, 12, 7, 8, 9,
  ])
})
