import type { Command } from 'commander'
import { type CommandContext, withSharedOptions } from '../shared/options.js'

export function defineCompareRuns(program: Command, context: CommandContext): void {
  withSharedOptions(
    program
      .command('compare-runs <run> <runs...>')
      .description('sets training runs side by side: what they reached, and in which settings they differ'),
  ).action(async (run: string, runs: string[]) => {
    const { compareRuns } = await import('../compare-runs.js')
    await compareRuns([run, ...runs], context)
  })
}
