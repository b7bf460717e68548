import type { CommandContext } from '../shared/options.js'
import { loadPlugins } from '../shared/plugins.js'
import { describePlugin } from './describe-plugin.js'

/** `convkit plugin list`: the plugins that commands in this folder use besides convkit's own, and those of `--plugin`. */
export async function listPlugins(
  modules: readonly string[] | undefined,
  { host, report }: CommandContext,
): Promise<void> {
  const named = await loadPlugins(process.cwd(), modules)
  // Fails where they do not go together.
  await host.registry()
  const plugins = named.map(({ plugin, module }) => describePlugin(plugin, module))
  const lines = plugins.map(
    ({ name, version, module, parts }) =>
      `${name}${version ? ` ${version}` : ''} from ${module}: ${parts.join(', ')}`,
  )
  report.result(
    { plugins },
    lines.join('\n') || 'No plugin is used here; convkit plugin add <package> adds one',
  )
}
