import type { Command } from 'commander'
import { type CommandContext, withSharedOptions } from '../shared/options.js'

export function defineModels(program: Command, context: CommandContext): void {
  withSharedOptions(
    program
      .command('models [glob]')
      .description(
        'lists models with parameters, input and published weights; of a single one, all of its weights',
      ),
  ).action(async (glob?: string) => {
    const { listModels } = await import('../models.js')
    await listModels(glob, context)
  })
}
