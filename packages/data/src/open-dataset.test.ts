import { createRegistry, defineDatasetFormat, definePlugin } from '@convkit/core'
import { expect, test } from 'vitest'
import { arrayDataset } from './formats/array-dataset.js'
import data from './index.js'
import { openDataset } from './open-dataset.js'

const images = Array.from({ length: 10 }, (_, i) => ({
  height: 1,
  width: 1,
  channels: 1 as const,
  data: Uint8Array.of(i),
}))
const shapes = defineDatasetFormat({
  name: 'shapes',
  recognizes: (path) => path.endsWith('.shapes'),
  open: async () => ({
    train: arrayDataset({ images, labels: images.map((_, i) => i % 2), classes: ['round', 'square'] }),
    warnings: ['drawn by hand'],
  }),
})
const registry = createRegistry(data, definePlugin({ name: 'shapes', datasets: [shapes] }))

test('a format of a plugin opens the paths that it recognizes, and need not divide them', async () => {
  const options = { validation: 0.2, seed: 1 }
  const { train, validation, report } = await openDataset('my.shapes', options, registry.datasets.values())
  expect([train.length, validation?.length]).toEqual([8, 2])
  expect(report).toMatchObject({
    format: 'shapes',
    validationFrom: { fraction: 0.2, seed: 1 },
    warnings: ['drawn by hand'],
  })
})

test('a format by name', async () => {
  const formats = registry.datasets.values()
  expect((await openDataset('anything', { format: 'shapes' }, formats)).report.format).toBe('shapes')
  await expect(openDataset('anything', { format: 'forms' })).rejects.toMatchObject({
    code: 'E_OPTION',
    message: expect.stringContaining("There is no dataset format 'forms', only image folder, IDX"),
  })
})

test('two formats of one name', () => {
  expect(() => registry.register(definePlugin({ name: 'others', datasets: [shapes] }))).toThrow(
    "The dataset format 'shapes' of plugin 'others' is already registered by 'shapes'",
  )
})

test('a path that no format recognizes', async () => {
  await expect(openDataset('my.shapes')).rejects.toMatchObject({ code: 'E_NOT_FOUND' })
})
