import type { Command } from 'commander'
import {
  type CommandContext,
  choice,
  decimal,
  type SharedOptions,
  wholeNumber,
  withSharedOptions,
} from '../shared/options.js'
import { optimizers } from '../train/choices.js'

export interface LrFindOptions extends SharedOptions {
  readonly steps?: number
  readonly from?: number
  readonly to?: number
  readonly svg?: string
}

export function defineLrFind(program: Command, context: CommandContext): void {
  withSharedOptions(
    program
      .command('lr-find <data>')
      .description('tries growing learning rates on a few batches, and suggests one')
      .option('--model <name>', 'network (default: resnet18)')
      .option('--weights <none|name|file|folder>', 'where to start from (default: none)')
      .option('--size <pixels>', "side of the network's input", wholeNumber)
      .option('--batch-size <number>', 'images of one step (default: 32)', wholeNumber)
      .addOption(choice('--optimizer <name>', 'update rule (default: adamw)', optimizers))
      .option('--augment <recipe|file>', 'how training images are changed (default: light)')
      .option('--freeze <stage|layers>', 'layers that are not trained')
      .option('--steps <number>', 'steps, of one batch each (default: 100)', wholeNumber)
      .option('--from <number>', 'first learning rate (default: 0.000001)', decimal)
      .option('--to <number>', 'last learning rate (default: 1)', decimal)
      .option('--svg <file>', 'SVG file for the curve'),
  ).action(async (data: string, options: LrFindOptions) => {
    const { findRate } = await import('../lr-find/lr-find.js')
    await findRate(data, options, context)
  })
}
