import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** The checkout that these tests are in. */
export const workspace = fileURLToPath(new URL('../../..', import.meta.url))
const shell = process.platform === 'win32'

/** A command's output, or an error that holds it. */
export async function execute(cwd: string, command: string, ...args: readonly string[]): Promise<string> {
  const { CONVKIT_TEST_REPORT: _, ...inherited } = process.env
  const own = Object.entries(inherited).filter(
    ([name]) => !/^(npm_|pnpm_|VITEST|NODE_ENV|NODE_PATH)/i.test(name),
  )
  // onnxruntime-node's install script downloads CUDA's libraries
  const env = { ...Object.fromEntries(own), ONNXRUNTIME_NODE_INSTALL: 'skip', npm_config_audit: 'false' }
  try {
    const { stdout } = await promisify(execFile)(command, args, { cwd, env, shell, maxBuffer: 2 ** 26 })
    return stdout
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string }
    throw new Error(`${command} ${args.join(' ')} failed in ${cwd}:\n${stdout}${stderr}`, { cause: error })
  }
}

/** Packs every package as npm would publish it; the archives by package name. */
export async function packAll(folder: string): Promise<ReadonlyMap<string, string>> {
  await execute(
    workspace,
    'pnpm',
    '--recursive',
    '--filter',
    './packages/*',
    'pack',
    '--pack-destination',
    folder,
  )
  const files = (await readdir(folder)).filter((file) => file.endsWith('.tgz'))
  return new Map(
    files.map((file) => [file.replace(/-\d.*$/, '').replace('convkit-', '@convkit/'), join(folder, file)]),
  )
}

/** A package and those of the workspace that it needs, as archives. */
export async function withDependencies(
  names: readonly string[],
  archives: ReadonlyMap<string, string>,
): Promise<string[]> {
  const needed = new Set(names)
  for (const name of needed) {
    const manifest = join(workspace, 'packages', name.replace('@convkit/', ''), 'package.json')
    const { dependencies = {} } = JSON.parse(await readFile(manifest, 'utf8')) as {
      dependencies?: Record<string, string>
    }
    for (const dependency of Object.keys(dependencies))
      if (dependency.startsWith('@convkit/')) needed.add(dependency)
  }
  return [...needed].map((name) => {
    const archive = archives.get(name)
    if (!archive) throw new Error(`There is no archive of ${name}`)
    return archive
  })
}

/** A project of a user, in a folder of its own, with packages installed by npm. */
export async function makeProject(
  folder: string,
  packages: readonly string[],
  manifest: object = { private: true, type: 'module' },
): Promise<string> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
  if (packages.length > 0)
    await execute(folder, 'npm', 'install', '--no-fund', '--prefer-offline', ...packages)
  return folder
}
