import type { Command } from 'commander'
import { type CommandContext, wholeNumber, withReportOptions } from '../shared/options.js'

export interface AugmentOptions {
  readonly recipe: string
  readonly out?: string
  readonly columns: number
  readonly rows?: number
  readonly seed: number
  readonly size: number
}

export function defineAugment(program: Command, context: CommandContext): void {
  withReportOptions(
    program
      .command('augment <images...>')
      .description('writes a sheet of images as training sees them: each as it is, then changed at random')
      .option(
        '--recipe <name|file>',
        'none, mirror, light, alexnet, vgg, inception, resnet, timm-a1, or a JSON or YAML file',
        'light',
      )
      .option('--out <file>', 'PNG, JPEG or WebP file (default: augment-1.png, or the next number)')
      .option('--columns <number>', 'pictures in a row, the first one as evaluation sees it', wholeNumber, 8)
      .option('--rows <number>', 'rows, an image each (default: one for each image, at most 8)', wholeNumber)
      .option('--size <pixels>', "side of the network's input", wholeNumber, 224)
      .option('--seed <number>', 'seed of everything that is drawn', wholeNumber, 1),
  ).action(async (images: string[], options: AugmentOptions) => {
    const { augmentImages } = await import('../augment.js')
    await augmentImages(images, options, context)
  })
}
