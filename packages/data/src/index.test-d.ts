import { type DatasetFormat, defineDatasetFormat, definePlugin } from '@convkit/core'
import { describe, expectTypeOf, it } from 'vitest'
import { arrayDataset, type ImageDataset, labelFile, type OpenedData, openDataset } from './index.js'

const train = arrayDataset({ images: [], labels: [], classes: [] })

describe('formats', () => {
  it('of plugins say what they open', () => {
    const format = defineDatasetFormat<{ readonly page?: number }>({
      name: 'album',
      recognizes: (path) => path.endsWith('.album'),
      open: async (_, { page }) => {
        expectTypeOf(page).toEqualTypeOf<number | undefined>()
        return { train }
      },
    })
    expectTypeOf(format).toEqualTypeOf<DatasetFormat>()
    definePlugin({ name: 'albums', datasets: [format] })
    // @ts-expect-error a format opens training images
    defineDatasetFormat({ name: 'none', recognizes: () => true, open: async () => ({}) })
    // @ts-expect-error a format is made from more than its name
    definePlugin({ name: 'albums', datasets: [{ name: 'album' }] })
  })

  it('have options that are checked', () => {
    expectTypeOf(openDataset('photos', { seed: 1 })).resolves.toEqualTypeOf<OpenedData<ImageDataset>>()
    // @ts-expect-error columns have names
    labelFile('labels.csv', { columns: { path: 1 } })
  })
})
