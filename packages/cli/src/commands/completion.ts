import { Argument, type Command } from 'commander'
import type { CommandContext } from '../shared/options.js'

const shells = ['bash', 'zsh', 'fish', 'powershell']

export function defineCompletion(program: Command, { host }: CommandContext): void {
  program
    .command('completion')
    .description(
      'prints a script that completes commands, options and models: source <(convkit completion bash)',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .action(async (shell: string) => {
      const { printCompletionScript } = await import('../completion.js')
      printCompletionScript(program, shell)
    })
  // What the scripts call.
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(async (words: string[]) => {
      const { complete } = await import('../completion.js')
      await complete(program, words, host)
    })
}
