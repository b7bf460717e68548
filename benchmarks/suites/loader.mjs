// Photos to augmented batches in images per second: convkit's loader beside torchvision's and tf.data, taking turns. A
// step is a pass over all photos.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { race } from '../contestant.mjs'
import { writeCsv } from '../csv.mjs'
import { bySide, loader, startAll } from '../line-up.mjs'
import { enlarged, made, photosOf } from '../photos.mjs'

const most = { small: 1000, large: 160 }
const jitter = { brightness: 0.4, contrast: 0.4, saturation: 0.4 }

/** What is loaded, of photos that are given or made. */
const sets = [
  {
    name: 'as they are',
    photos: (given, folder) =>
      given?.slice(0, most.small) ?? made(most.small, { height: 240, width: 320 }, folder),
  },
  {
    name: '1600 pixels',
    photos: (given, folder) =>
      given
        ? enlarged(everyNth(given, most.large), 1600, folder)
        : made(most.large, { height: 1200, width: 1600 }, folder),
  },
]

export async function run({ rounds, isWanted, only, log, photos: folder }) {
  const rows = []
  const given = folder && (await photosOf(folder))
  const temporary = await mkdtemp(join(tmpdir(), 'convkit-bench-'))
  for (const set of sets) {
    for (const hue of [0, 0.1]) {
      const name = `${given ? 'photos' : 'made photos'} ${set.name}${hue > 0 ? ', hue too' : ''}`
      if (!isWanted(name)) continue
      set.files ??= await set.photos(given, join(temporary, set.name))
      const list = join(temporary, 'photos.json')
      await writeFile(list, JSON.stringify(set.files))
      const options = { list, batchSize: 32, jitter: { ...jitter, ...(hue > 0 && { hue }) } }
      const contestants = await startAll(loader, options, { only, log })
      const medians = await race(contestants, { rounds, steps: 1, log })
      const lines = []
      for (const { name, runsOn, memory } of contestants.filter(({ name }) => medians.has(name))) {
        const rate = Math.round((1e5 * set.files.length) / medians.get(name)) / 100
        lines.push({ name, runsOn, rate, peak: (await memory()).peak })
      }
      for (const contestant of contestants) contestant.stop()

      for (const { name: contestant, rate, peak } of lines) {
        log(`${name}  ${contestant.padEnd(24)} ${rate.toFixed(0).padStart(6)} images/s, peak ${peak} MB`)
      }
      rows.push({
        case: name,
        ...bySide(
          loader,
          lines.map(({ name, rate }) => [name, rate]),
        ),
      })
      await writeCsv(
        'loader',
        ['photos', 'contestant', 'images per second', 'peak MB', 'images', 'runs on'],
        lines.map(({ name: contestant, rate, peak, runsOn }) => [
          ...[name, contestant, rate, peak],
          ...[set.files.length, runsOn],
        ]),
        { keys: 2 },
      )
    }
  }
  await rm(temporary, { recursive: true })
  return rows
}

const everyNth = (list, count) => {
  const step = Math.max(1, Math.floor(list.length / count))
  return list.filter((_, i) => i % step === 0).slice(0, count)
}
