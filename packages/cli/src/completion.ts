import tab, { type Complete, type Command as Completed } from '@bomb.sh/tab'
import type { Command } from 'commander'
import type { Host } from './shared/host.js'

/** Prints the script by which a shell asks `convkit complete` what may follow. */
export function printCompletionScript(program: Command, shell: string): void {
  tab.setup(program.name(), program.name(), shell)
}

/** Answers a shell: what may follow the words after `convkit`, the last of which is still being written. */
export async function complete(program: Command, words: readonly string[], host: Host): Promise<void> {
  // All networks are loaded only where one may be named.
  const models = words.some((word) => takingModels.has(word))
    ? [...(await host.registry()).models.keys()]
    : []
  describe(program, tab, models)
  tab.parse([...words])
}

const takingModels: ReadonlySet<string> = new Set(['--model', 'summary', 'compare', 'models', 'benchmark'])

/** Tells what a command and its own commands take. */
function describe(command: Command, completed: Completed, models: readonly string[], path = ''): void {
  for (const option of command.options) {
    const choices = option.attributeName() === 'model' ? models : (option.argChoices ?? [])
    if (option.isBoolean()) completed.option(option.name(), option.description)
    else completed.option(option.name(), option.description, offering(choices))
  }
  for (const argument of command.registeredArguments) {
    const choices = /^(models?|glob)$/.test(argument.name()) ? models : (argument.argChoices ?? [])
    const handler = choices.length > 0 ? offering(choices) : undefined
    completed.argument(argument.name(), handler, argument.variadic)
  }
  for (const child of command.commands) {
    const childPath = `${path} ${child.name()}`.trim()
    if (childPath !== 'complete')
      describe(child, tab.command(childPath, child.description()), models, childPath)
  }
}

const offering = (choices: readonly string[]) => (add: Complete) => {
  for (const choice of choices) add(choice, '')
}
