import { Argument, type Command } from 'commander'
import { type CommandContext, withSharedOptions } from '../shared/options.js'

export interface SetupFlags {
  readonly gpu?: boolean
  readonly python?: string
}

export function defineSetup(program: Command, context: CommandContext): void {
  withSharedOptions(
    program
      .command('setup')
      .description("makes an engine's native binding")
      .addArgument(new Argument('<engine>', 'the only engine that has to be made').choices(['tensorflow']))
      .option('--gpu', 'for CUDA: @tensorflow/tfjs-node-gpu instead of @tensorflow/tfjs-node')
      .option(
        '--python <command>',
        'Python whose TensorFlow, or pip, is used (default: CONVKIT_PYTHON, or python3)',
      ),
  ).action(async (_engine: string, flags: SetupFlags) => {
    const { setUp } = await import('../setup.js')
    await setUp(flags, context)
  })
}
