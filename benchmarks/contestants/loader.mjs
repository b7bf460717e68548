// convkit's loader: passes over image files in shuffled, augmented batches. Each of `first` passes has a dataset of its
// own, so nothing is known of the files and nothing decoded is kept; `later` passes share one.
// Usage: node loader.mjs '{"list":"photos.json","batchSize":32,"jitter":{"brightness":0.4},"pass":"first"}'

import { readFile } from 'node:fs/promises'
import { augmentation, colorJitter, horizontalFlip, randomResizedCrop } from '@convkit/augment'
import { imagenetPreprocessing as preprocessing } from '@convkit/core'
import { imageFiles } from '@convkit/data'
import { ready, takeTurns } from './turns.mjs'

const { list, batchSize, jitter, pass } = JSON.parse(process.argv[2])
const photos = JSON.parse(await readFile(list, 'utf8'))
const augment = augmentation({
  crop: randomResizedCrop(),
  transforms: [horizontalFlip(), colorJitter(jitter)],
})
const open = () =>
  imageFiles({
    paths: photos.map(({ path }) => path),
    labels: photos.map(({ label }) => label),
    classes: Array.from({ length: 1 + Math.max(...photos.map(({ label }) => label)) }, (_, i) => `${i}`),
  })

let dataset = open()
let epoch = 0

async function onePass() {
  if (pass === 'first') dataset = open()
  let count = 0
  const options = { batchSize, preprocessing, shuffle: { seed: 0, epoch } }
  for await (const batch of dataset.batches({
    ...options,
    augment: { augmentation: augment, seed: 0, epoch },
  }))
    count += batch.count
  if (count !== photos.length) throw new Error(`${count} of ${photos.length} images were loaded`)
  epoch++
}

ready(`node ${process.version}, ${process.env.UV_THREADPOOL_SIZE ?? 4} threads of libuv`)
await takeTurns(onePass)
