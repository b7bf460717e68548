import blocks from '@convkit/blocks'
import { createRegistry, defaultRegistry } from '@convkit/core'
import { expect, test } from 'vitest'
import zoo from './index.js'

test('registers the zoo and its blocks when it is imported, and not before', async () => {
  expect(defaultRegistry().models.size).toBe(0)
  await import('./register.js')
  expect(defaultRegistry().model('resnet50').architecture.name).toBe('resnet')
  expect(defaultRegistry().blocks.has('bottleneck')).toBe(true)
})

test('shares its blocks with a user who registers them too', () => {
  expect(createRegistry(blocks, zoo).plugins).toEqual([blocks, zoo])
  expect(createRegistry(zoo, blocks).plugins).toEqual([blocks, zoo])
})
