import type { Command } from 'commander'
import { type CommandContext, wholeNumber, withSharedOptions } from '../shared/options.js'

export interface SummaryOptions {
  readonly size?: number
  readonly batchSize?: number
  readonly classes?: number
}

export function defineSummary(program: Command, context: CommandContext): void {
  withSharedOptions(
    program
      .command('summary <model>')
      .description('shows the layers of a model, by name or in a folder')
      .option('--size <pixels>', "side of the input (default: the model's)", wholeNumber)
      .option('--batch-size <number>', 'images at once (default: 1)', wholeNumber)
      .option('--classes <number>', "number of classes (default: 1,000, or the folder's)", wholeNumber),
  ).action(async (model: string, options: SummaryOptions) => {
    const { summarize } = await import('../summary.js')
    await summarize(model, options, context)
  })
}
