import { recipes } from '@convkit/augment'
import type { Pixels } from '@convkit/core'
import { expect, test } from 'vitest'
import { drawBatch } from './draw-batch.js'

/** Red grows to the right, green downwards. */
const image: Pixels = {
  height: 48,
  width: 64,
  channels: 3,
  data: Uint8Array.from({ length: 48 * 64 * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3)
    return [(pixel % 64) * 4, Math.floor(pixel / 64) * 5, 90][i % 3] ?? 0
  }),
}

test.each(recipes.map((recipe) => [recipe.name, recipe] as const))('%s draws a batch', async (_, recipe) => {
  const options = { augmentation: recipe, seed: 1, count: 6, size: 32 }
  const [evaluated, ...drawn] = await drawBatch(image, options)
  expect(drawn).toHaveLength(6)
  for (const { data } of [evaluated, ...drawn]) expect(data).toHaveLength(32 * 32 * 3)
  expect(await drawBatch(image, options)).toEqual([evaluated, ...drawn])
  const isChanged = drawn.some(({ data }) => data.some((value, i) => value !== evaluated.data[i]))
  expect(isChanged).toBe(recipe.name !== 'none')
})
