import type { Command } from 'commander'
import {
  type CommandContext,
  type SizeOptions,
  withSharedOptions,
  withSizeOptions,
} from '../shared/options.js'

export function defineSummary(program: Command, context: CommandContext): void {
  withSharedOptions(
    withSizeOptions(
      program.command('summary <model>').description('shows the layers of a model, by name, file or folder'),
    ),
  ).action(async (model: string, options: SizeOptions) => {
    const { summarize } = await import('../summary.js')
    await summarize(model, options, context)
  })
}
