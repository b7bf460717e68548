import type { Command } from 'commander'
import { type CommandContext, type SharedOptions, wholeNumber, withSharedOptions } from '../shared/options.js'

export interface PredictOptions extends SharedOptions {
  readonly top?: number
}

export function definePredict(program: Command, context: CommandContext): void {
  withSharedOptions(
    program
      .command('predict <model> <images...>')
      .description('labels images, folders of images or globs')
      .option('--top <number>', 'classes shown for an image (default: 5)', wholeNumber),
  ).action(async (model: string, images: string[], options: PredictOptions) => {
    const { predictImages } = await import('../predict.js')
    await predictImages(model, images, options, context)
  })
}
