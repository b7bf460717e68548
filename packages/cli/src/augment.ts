import { writeFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { ConvkitError, imagenetPreprocessing } from '@convkit/core'
import type { AugmentOptions } from './commands/augment.js'
import { contactSheet } from './contact-sheet.js'
import { readAugmentation } from './shared/augmentation-file.js'
import { imagePaths } from './shared/image-paths.js'
import type { CommandContext } from './shared/options.js'
import { counted } from './shared/text.js'

/** Rows of a sheet unless more are asked for. */
const usualRows = 8

/** `convkit augment <images…>` */
export async function augmentImages(
  images: readonly string[],
  options: AugmentOptions,
  { host, report }: CommandContext,
): Promise<void> {
  const { recipe, columns, seed, size } = options
  const augmentation = await readAugmentation(recipe, await host.registry())
  const files = await imagePaths(images)
  const rows = options.rows ?? Math.min(usualRows, files.length)
  requireLeast('--columns', columns, 2)
  requireLeast('--rows', rows, 1)
  requireLeast('--size', size, 1)
  const format = formatOf(options.out ?? '.png')
  const sheet = await contactSheet(files, {
    augmentation,
    preprocessing: { ...imagenetPreprocessing, inputSize: [size, size] },
    columns,
    rows,
    seed,
  })
  const file = await sheet.toFormat(format).toBuffer()
  const out = options.out === undefined ? await writeNumbered(file) : await write(options.out, file)
  const shown = Math.min(rows, files.length)
  report.result(
    { out, recipe: augmentation.name, images: shown, columns, rows },
    `${out}: ${counted(shown, 'image')} by ${augmentation.name}, ${rows} × ${columns}; the first column is what evaluation sees`,
  )
}

function requireLeast(flag: string, value: number, least: number): void {
  if (value < least) throw new ConvkitError('E_OPTION', `${flag} must be at least ${least}, got ${value}`)
}

const formats = { '.png': 'png', '.jpg': 'jpeg', '.jpeg': 'jpeg', '.webp': 'webp' } as const

function formatOf(out: string): (typeof formats)[keyof typeof formats] {
  const ending = extname(`sheet${out}`).toLowerCase()
  if (ending in formats) return formats[ending as keyof typeof formats]
  throw new ConvkitError('E_OPTION', `--out must end in ${Object.keys(formats).join(', ')}, got ${out}`)
}

async function write(out: string, file: Uint8Array): Promise<string> {
  await writeFile(out, file).catch((error: Error) => {
    throw new ConvkitError('E_OUTPUT', `${out} cannot be written: ${error.message}`)
  })
  return out
}

/** Writes `augment-1.png`, or the next number that is free: nothing is overwritten unasked. */
async function writeNumbered(file: Uint8Array): Promise<string> {
  for (let number = 1; ; number++) {
    const path = `augment-${number}.png`
    try {
      await writeFile(path, file, { flag: 'wx' })
      return path
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}
