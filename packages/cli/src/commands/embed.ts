import type { Command } from 'commander'
import { type CommandContext, type SharedOptions, wholeNumber, withSharedOptions } from '../shared/options.js'

export interface EmbedOptions extends SharedOptions {
  readonly out: string
  readonly stages?: string
  readonly batchSize?: number
  readonly neighbours?: number
}

export function defineEmbed(program: Command, context: CommandContext): void {
  withSharedOptions(
    program
      .command('embed <model> <data>')
      .description("writes images' embeddings: what the classifier sees of each, a row of numbers")
      .option('--out <file>', 'npz or parquet file', 'embeddings.npz')
      .option('--stages <names>', 'stages whose pooled outputs are taken, with commas between them')
      .option(
        '--neighbours <number>',
        'label the validation images by so many nearest training images, and say how many are right',
        wholeNumber,
      )
      .option('--batch-size <number>', 'images at once (default: 32)', wholeNumber),
  ).action(async (model: string, data: string, options: EmbedOptions) => {
    const { embedImages } = await import('../embed/embed.js')
    await embedImages(model, data, options, context)
  })
}
