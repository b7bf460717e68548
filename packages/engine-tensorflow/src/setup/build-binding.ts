import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { tellingLine } from './command.js'
import type { SetupContext } from './context.js'
import { setupError } from './failure.js'
import { type Library, libraryFiles } from './library.js'
import { gypEnvironment, nodePreGyp } from './node-gyp.js'
import type { BindingPackage } from './package.js'

/** The names that binding.gyp links with. */
const linkNames = ['libtensorflow.so', 'libtensorflow_framework.so'] as const

/**
 * Compiles the binding in `staging` against a library that stays where it is.
 *
 * @throws E_SETUP with the compiler's first error.
 */
export async function buildBinding(
  context: SetupContext,
  installed: BindingPackage,
  staging: string,
  library: Library,
  python: string,
): Promise<void> {
  await linkLibrary(staging, library)
  const started = performance.now()
  context.say(
    'Build',
    `the binding to libtensorflow ${library.version} of ${library.folder}, with node-pre-gyp`,
  )
  const env = gypEnvironment(context.env, python)
  const result = await context.run(
    process.execPath,
    [nodePreGyp(installed), 'install', '--build-from-source'],
    {
      cwd: staging,
      // TensorFlow finds CUDA's libraries from its own folder, so it has to be loaded by its real path
      env: { ...env, LDFLAGS: [env.LDFLAGS, `-Wl,-rpath,${library.folder}`].filter(Boolean).join(' ') },
      timeout: 600_000,
    },
  )
  if (result.failure !== undefined) throw setupError(`node-pre-gyp failed: ${tellingLine(result)}`)
  context.say('Build', `done in ${Math.round((performance.now() - started) / 1000)} s`)
}

/** Makes `deps` as the package's installer would have it. */
async function linkLibrary(staging: string, { folder }: Library): Promise<void> {
  const lib = join(staging, 'deps/lib')
  await mkdir(lib, { recursive: true })
  await symlink(join(folder, 'include'), join(staging, 'deps/include'))
  for (const [index, file] of libraryFiles.entries()) {
    await symlink(join(folder, file), join(lib, file))
    await symlink(file, join(lib, linkNames[index] as string))
  }
}
