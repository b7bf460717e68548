import type { Command } from 'commander'
import { type CommandContext, withReportOptions } from '../shared/options.js'

export function definePluginCommands(program: Command, context: CommandContext): void {
  const plugin = program.command('plugin').description('adds, lists and creates plugins')
  withReportOptions(
    plugin
      .command('add <plugin>')
      .description(
        'installs a plugin (a package, or an archive of one) and names it in convkit.config; a file or folder is used where it is',
      ),
  ).action(async (spec: string) => {
    const { addPlugin } = await import('../plugin/add.js')
    await addPlugin(spec, context)
  })
  withReportOptions(
    plugin
      .command('list')
      .description('shows the plugins that commands in this folder use, and what they add'),
  ).action(async () => {
    const { listPlugins } = await import('../plugin/list.js')
    await listPlugins(program.opts<{ plugin?: readonly string[] }>().plugin, context)
  })
  withReportOptions(
    plugin
      .command('create <name>')
      .description('makes a package with a network of its own, its test and its build')
      .option('--out <folder>', 'where (default: a folder with the name of the package)'),
  ).action(async (name: string, { out }: { out?: string }) => {
    const { createPlugin } = await import('../plugin/create.js')
    await createPlugin(name, out, context)
  })
}
