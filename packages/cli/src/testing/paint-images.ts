import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { random } from '@convkit/core'
import sharp from 'sharp'

/** An image folder of flat colours with noise, a colour a class: learnt within a few steps. */
export async function paintImages(
  root: string,
  counts: Readonly<Record<string, number>> = { blue: 6, green: 6, red: 6 },
  size = 28,
): Promise<string> {
  const colours: Readonly<Record<string, readonly [number, number, number]>> = {
    blue: [20, 20, 40],
    green: [120, 130, 120],
    red: [240, 230, 230],
  }
  for (const [label, count] of Object.entries(counts)) {
    const colour = colours[label] ?? [90, 90, 90]
    await mkdir(join(root, label), { recursive: true })
    for (let i = 0; i < count; i++) {
      const noise = random(7, label, i)
      const data = Uint8Array.from(
        { length: size * size * 3 },
        (_, at) => (colour[at % 3] ?? 0) + 15 * noise.uniform(at),
      )
      const image = sharp(data, { raw: { width: size, height: size, channels: 3 } })
      await writeFile(join(root, label, `${i}.png`), await image.png().toBuffer())
    }
  }
  return root
}
