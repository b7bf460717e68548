import type { Command } from 'commander'
import {
  type CommandContext,
  type SharedOptions,
  type SizeOptions,
  withSharedOptions,
  withSizeOptions,
} from '../shared/options.js'

export interface SummaryOptions extends SizeOptions, SharedOptions {
  readonly effectiveReceptiveField?: string
  readonly images?: string
  readonly weights?: string
}

export function defineSummary(program: Command, context: CommandContext): void {
  withSharedOptions(
    withSizeOptions(
      program
        .command('summary <model>')
        .description('shows the layers of a model, by name, file or folder')
        .option(
          '--effective-receptive-field <file>',
          'PNG file for a map of how much each pixel matters to the centre of the last stage',
        )
        .option('--images <folder>', 'what that is averaged over, up to 64 images (default: noise)')
        .option('--weights <name|file>', "weights that it is of (default: the folder's, or random numbers)"),
    ),
  ).action(async (model: string, options: SummaryOptions) => {
    const { summarize } = await import('../summary.js')
    await summarize(model, options, context)
  })
}
