import { imagenetPreprocessing } from '@convkit/core'
import { expect, test } from 'vitest'
import { blackPng, testJpeg } from '../testing/test-images.js'
import { readInput } from './read-input.js'

const preprocessing = { ...imagenetPreprocessing, inputSize: [32, 48] as const }

test('an image has the size that the network takes', async () => {
  const pixels = await readInput(await testJpeg(), preprocessing)
  expect(pixels.length).toBe(32 * 48 * 3)
  expect(new Set(pixels).size).toBeGreaterThan(100)
})

test('what cannot be read is named', async () => {
  const jpeg = await testJpeg()
  const read = (bytes: Uint8Array, options = {}) =>
    readInput(bytes, preprocessing, { name: 'cat.jpg', ...options })
  await expect(read(new Uint8Array())).rejects.toThrow('cat.jpg is empty')
  await expect(read(jpeg.subarray(0, jpeg.length / 2))).rejects.toThrow('cat.jpg is truncated')
  await expect(read(blackPng(2000), { maxMegapixels: 1 })).rejects.toThrow(
    'cat.jpg has 4 megapixels, more than the limit of 1',
  )
})
