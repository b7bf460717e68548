import type { Command } from 'commander'
import {
  type CommandContext,
  type SizeOptions,
  withSharedOptions,
  withSizeOptions,
} from '../shared/options.js'

export function defineCompare(program: Command, context: CommandContext): void {
  withSharedOptions(
    withSizeOptions(
      program
        .command('compare <models...>')
        .description('sets networks side by side: parameters, multiply-accumulates, receptive field, memory'),
    ),
  ).action(async (models: string[], options: SizeOptions) => {
    const { compareModels } = await import('../compare.js')
    await compareModels(models, options, context)
  })
}
