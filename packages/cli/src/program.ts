import { nearest } from '@convkit/core'
import { Command, CommanderError } from 'commander'
import { defineAugment } from './commands/augment.js'
import { defineBenchmark } from './commands/benchmark.js'
import { defineCompare } from './commands/compare.js'
import { defineCompareRuns } from './commands/compare-runs.js'
import { defineCompletion } from './commands/completion.js'
import { defineDoctor } from './commands/doctor.js'
import { defineEmbed } from './commands/embed.js'
import { defineEvaluate } from './commands/evaluate.js'
import { defineExplain } from './commands/explain.js'
import { defineExport } from './commands/export.js'
import { defineLrFind } from './commands/lr-find.js'
import { defineModels } from './commands/models.js'
import { definePluginCommands } from './commands/plugin.js'
import { definePredict } from './commands/predict.js'
import { defineServe } from './commands/serve.js'
import { defineSetup } from './commands/setup.js'
import { defineSummary } from './commands/summary.js'
import { defineTrain } from './commands/train.js'
import { findConfig, readConfig } from './shared/config-file.js'
import { fail } from './shared/failure.js'
import type { Host } from './shared/host.js'
import type { CommandContext } from './shared/options.js'
import { withPlugins } from './shared/plugins.js'
import { createReport } from './shared/report.js'
import { applySettings, describeSettings } from './shared/settings.js'
import { ownVersion } from './version.js'

/** Runs a command line, such as `['train', 'photos']`, and gives its exit code. */
export async function run(argv: readonly string[], host: Host): Promise<number> {
  const report = createReport(host, argv)
  try {
    const withParts = withPlugins(host, () => program.opts<ProgramOptions>().plugin)
    const program: Command = createProgram({ host: withParts, report })
    await program.parseAsync([...argv], { from: 'user' })
    return 0
  } catch (error) {
    return fail(error, report)
  }
}

/** The command line as commander describes it, for documentation: what `--help` prints is made of this. */
export function commandLine(host: Host): Command {
  return createProgram({ host, report: createReport(host, []) })
}

interface ProgramOptions {
  readonly plugin?: readonly string[]
}

function createProgram(context: CommandContext): Command {
  const program = new Command('convkit')
    .description('Image classification with convolutional networks')
    .version(ownVersion())
    .option(
      '--plugin <module>',
      'package, folder or file whose plugin is used, besides those of convkit.config; may be given again',
      (module: string, modules: readonly string[] = []) => [...modules, module],
    )
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.host.stdout.write(text),
      // The help that commander prints when no command is given; messages are printed by `fail`.
      writeErr: (text) => context.host.stderr.write(text),
      outputError: () => {},
    })
  const define = [
    defineTrain,
    defineEvaluate,
    definePredict,
    defineExplain,
    defineServe,
    defineEmbed,
    defineExport,
    defineLrFind,
    defineAugment,
    defineModels,
    defineSummary,
    defineCompare,
    defineCompareRuns,
    defineBenchmark,
    defineDoctor,
    defineSetup,
    definePluginCommands,
    defineCompletion,
  ]
  for (const addTo of define) addTo(program, context)
  program.hook('preAction', (_, command) => settle(command, context))
  program.on('command:*', ([name]: string[]) => unknownCommand(program, name ?? ''))
  return program
}

/** Gives a command the options that its command line left out, or prints where each is from in its place. */
async function settle(command: Command, { host, report }: CommandContext): Promise<void> {
  if (command.options.length === 0) return
  const file = await findConfig(process.cwd())
  const config = file === undefined ? undefined : await readConfig(file)
  applySettings(command, host.env, config)
  if (!command.getOptionValue('printConfig')) return
  const { json, text } = describeSettings(command, config)
  report.result(json, text)
  throw new CommanderError(0, 'convkit.printConfig', '')
}

function unknownCommand(program: Command, name: string): never {
  const names = program.commands.map((command) => command.name())
  program.error(
    `There is no command '${name}' (nearest: ${nearest(name, names).join(', ')}; all of them: convkit --help)`,
  )
}
