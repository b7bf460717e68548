import type { Command } from 'commander'
import { type CommandContext, withSharedOptions } from '../shared/options.js'

export function defineDoctor(program: Command, context: CommandContext): void {
  withSharedOptions(
    program.command('doctor').description('checks what convkit needs, and says how to mend what is missing'),
  ).action(async () => {
    const { examine } = await import('../doctor.js')
    await examine(context)
  })
}
