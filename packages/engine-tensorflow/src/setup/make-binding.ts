import { buildBinding } from './build-binding.js'
import { cacheFolder } from './cache.js'
import { checkBinding, type Working } from './check.js'
import type { SetupContext } from './context.js'
import { reasonOf, setupError } from './failure.js'
import { installedLibrary, type Library, unpackedLibrary } from './library.js'
import type { BindingPackage } from './package.js'
import { runInstaller } from './package-installer.js'
import { findPython, type Python } from './python.js'
import { commitStaging, createStaging, removeStaging } from './staging.js'
import { requireToolchain } from './toolchain.js'
import { downloadLibrary } from './wheel.js'

export interface MakeOptions {
  readonly gpu: boolean
  readonly python: string | undefined
}

/** Makes a binding in the staging folder; false where there is nothing to make it from. */
type Way = (staging: string) => Promise<boolean>

/**
 * Tries, until the engine works: a library that an earlier setup unpacked, the package's own installer, the library of
 * an installed Python TensorFlow, and one that pip downloads.
 *
 * @throws E_SETUP with the reason of each.
 */
export async function makeBinding(
  context: SetupContext,
  installed: BindingPackage,
  { gpu, python: named }: MakeOptions,
): Promise<Working> {
  const cache = await cacheFolder(context.env, installed)
  const { python, missing } = await findPython(context, named)
  const build = (find: (python: Python) => Promise<Library | undefined>): Way => {
    return async (staging) => {
      // node-gyp is a Python program, so nothing is built without one
      if (!python) throw setupError(`Python 3 is needed to build it (${missing}); --python names one`)
      await requireToolchain(context)
      const library = await find(python)
      if (library) await buildBinding(context, installed, staging, library, python.path)
      return library !== undefined
    }
  }
  const unpacked = await unpackedLibrary(cache, gpu)
  const ways: readonly Way[] = [
    ...(unpacked ? [build(async () => unpacked)] : []),
    async (staging) => {
      await runInstaller(context, installed, staging, python?.path)
      return true
    },
    build(async (python) => installedLibrary(python, gpu)),
    build((python) => downloadLibrary(context, python, cache, gpu)),
  ]

  const reasons = new Set<string>()
  for (const make of ways) {
    try {
      const staging = await createStaging(installed)
      if (!(await make(staging))) continue
      await commitStaging(installed, staging)
      const check = await checkBinding(context, installed)
      if (check.ok) return check
      throw setupError(`the binding was made and does not work: ${check.reason}`)
    } catch (error) {
      const reason = reasonOf(error)
      if (!reasons.has(reason)) context.say('Failed', reason)
      reasons.add(reason)
    } finally {
      await removeStaging(installed)
    }
  }
  throw setupError(`TensorFlow's binding could not be made: ${[...reasons].join('; ')}`)
}
