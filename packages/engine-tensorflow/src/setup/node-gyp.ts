import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import type { BindingPackage } from './package.js'

/** The command that the package builds its binding with, one of its dependencies. */
export function nodePreGyp({ folder }: BindingPackage): string {
  const manifest = createRequire(join(folder, 'package.json')).resolve('@mapbox/node-pre-gyp/package.json')
  return join(dirname(manifest), 'bin/node-pre-gyp')
}

/** What node-pre-gyp needs to find: node-gyp, a Python, and Node's headers unless they are to be downloaded. */
export function gypEnvironment(env: NodeJS.ProcessEnv, python?: string): NodeJS.ProcessEnv {
  const nodeGyp = env.npm_config_node_gyp ?? findNodeGyp(env.PATH)
  const nodedir = env.npm_config_nodedir ?? findNodeHeaders()
  return {
    ...env,
    ...(python && { NODE_GYP_FORCE_PYTHON: python }),
    ...(nodeGyp && { npm_config_node_gyp: nodeGyp }),
    ...(nodedir && { npm_config_nodedir: nodedir }),
  }
}

/** The node-gyp that comes with npm. */
export function findNodeGyp(path = ''): string | undefined {
  const candidates = path.split(delimiter).map((folder) => join(folder, 'npm'))
  const found = candidates.find(existsSync)
  // npm is a link to lib/node_modules/npm/bin/npm-cli.js
  const nodeGyp = found && join(dirname(realpathSync(found)), '../node_modules/node-gyp/bin/node-gyp.js')
  return nodeGyp && existsSync(nodeGyp) ? nodeGyp : undefined
}

/**
 * The folder whose `include/node` has Node's headers: beside this Node, or where systems keep them. Those of another
 * version will do where there are no others, for the binding uses nothing but Node-API, which does not change.
 */
export function findNodeHeaders(
  folders: readonly string[] = [join(dirname(process.execPath), '..'), '/usr', '/usr/local'],
  major = Number.parseInt(process.versions.node, 10),
): string | undefined {
  const complete = folders.filter((folder) =>
    ['node_api.h', 'common.gypi'].every((name) => existsSync(join(folder, 'include/node', name))),
  )
  return complete.find((folder) => majorOf(folder) === major) ?? complete[0]
}

function majorOf(folder: string): number | undefined {
  const text = readFileSync(join(folder, 'include/node/node_version.h'), 'utf8')
  return Number(/define NODE_MAJOR_VERSION (\d+)/.exec(text)?.[1])
}
