// Photos for benchmarks of loading: those of a folder, enlargements of them, or made ones.

import { mkdir, readdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { random } from '@convkit/core'
import sharp from 'sharp'

/** The JPEG files under a folder, each with the folder that it is in as its label. */
export async function photosOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && /^\.jpe?g$/i.test(extname(entry.name)))
  const kinds = [...new Set(files.map(({ parentPath }) => parentPath))].sort()
  return files
    .map(({ parentPath, name }) => ({ path: join(parentPath, name), label: kinds.indexOf(parentPath) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/**
 * Photos enlarged until the longer side has `side` pixels, with noise of a few levels as sensors have it: without it
 * there is nothing between the pixels of the original, and decoding is cheaper than a camera's file.
 */
export async function enlarged(photos, side, folder) {
  await mkdir(folder, { recursive: true })
  return inTurn(photos, async ({ path, label }, i) => {
    const large = sharp(path).resize(side, side, { fit: 'inside', kernel: 'lanczos3' })
    const { data, info } = await large.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })
    return { path: await writeNoisy(data, info, i, join(folder, `${i}.jpg`)), label }
  })
}

/** Made photos: coloured blots of all sizes, those of natural images' spectrum, with noise. */
export async function made(count, { height, width }, folder) {
  await mkdir(folder, { recursive: true })
  return inTurn([...Array(count).keys()], async (i) => {
    const data = new Uint8Array(height * width * 3).fill(128)
    for (let blots = 4; blots <= 256; blots *= 2) {
      const stream = random(i, 'blots', blots)
      const small = Uint8Array.from({ length: blots * blots * 3 }, (_, at) => stream.uint32(at) & 255)
      const scaled = await sharp(small, { raw: { height: blots, width: blots, channels: 3 } })
        .resize(width, height, { fit: 'fill', kernel: 'cubic' })
        .raw()
        .toBuffer()
      for (let at = 0; at < data.length; at++) data[at] += ((scaled[at] - 128) * 2) / blots ** 0.6
    }
    const info = { height, width, channels: 3 }
    return { path: await writeNoisy(data, info, i, join(folder, `${i}.jpg`)), label: i % 5 }
  })
}

async function writeNoisy(data, { height, width, channels }, seed, path) {
  const stream = random(seed, 'noise')
  for (let at = 0; at < data.length; at++) {
    // The sum of four bytes is nearly normal, with a deviation of 148.
    const word = stream.uint32(at)
    const sum = (word & 255) + ((word >> 8) & 255) + ((word >> 16) & 255) + (word >>> 24)
    data[at] = Math.max(0, Math.min(255, data[at] + (sum - 510) / 50))
  }
  await sharp(data, { raw: { height, width, channels } }).jpeg({ quality: 90 }).toFile(path)
  return path
}

async function inTurn(list, work) {
  const results = []
  for (const [i, entry] of list.entries()) results.push(await work(entry, i))
  return results
}
