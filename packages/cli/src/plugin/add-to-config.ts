import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConvkitError } from '@convkit/core'
import { findConfig, readConfig } from '../shared/config-file.js'

/**
 * Names a plugin's module in the config of a folder, which is made where there is none; a TypeScript or JavaScript config
 * keeps its form.
 *
 * @returns the config's path, and whether the module was not in it before.
 * @throws E_CONFIG for a config that this cannot change, with the line to write.
 */
export async function addToConfig(folder: string, module: string): Promise<{ path: string; added: boolean }> {
  const path = await findConfig(folder)
  if (path === undefined) {
    const made = join(folder, 'convkit.config.json')
    await writeFile(made, asJson({ plugins: [module] }))
    return { path: made, added: true }
  }
  const { plugins, options } = await readConfig(path)
  if (plugins.includes(module)) return { path, added: false }
  await writeFile(
    path,
    path.endsWith('.json')
      ? asJson({ plugins: [...plugins, module], ...options })
      : await withPlugin(await readFile(path, 'utf8'), module, path),
  )
  return { path, added: true }
}

const asJson = (value: object) => `${JSON.stringify(value, null, 2)}\n`

/** The code of a config with one more module among its plugins. */
async function withPlugin(code: string, module: string, path: string): Promise<string> {
  const { parseModule, generateCode } = await import('magicast')
  const { getDefaultExportOptions } = await import('magicast/helpers')
  try {
    const parsed = parseModule(code)
    const options = getDefaultExportOptions(parsed)
    options.plugins ??= []
    options.plugins.push(module)
    return generateCode(parsed).code
  } catch (cause) {
    throw new ConvkitError(
      'E_CONFIG',
      `${path} has a form that is not changed by itself: write '${module}' into its plugins`,
      { cause },
    )
  }
}
