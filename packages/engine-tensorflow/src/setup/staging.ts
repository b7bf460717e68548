import { cp, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { BindingPackage } from './package.js'

/** What a binding is made from. */
const sources = ['package.json', 'binding.gyp', 'binding', 'scripts']

/** A compiler whose setup was killed may still write a file while its folder is removed. */
const whole = { recursive: true, force: true, maxRetries: 5 }

const prefix = '.convkit-setup-'

/**
 * A copy of the package's sources in a folder inside it, where its dependencies still resolve. A binding is made there:
 * the package's own files, which a package manager may have linked to its store, are never written, and a setup that
 * is killed leaves the package as it was.
 */
export async function createStaging({ folder }: BindingPackage): Promise<string> {
  const staging = await mkdtemp(join(folder, prefix))
  for (const name of sources) await cp(join(folder, name), join(staging, name), { recursive: true })
  return staging
}

/** Removes what setups left in the package, those that were killed too. */
export async function removeStaging({ folder }: BindingPackage): Promise<void> {
  const left = (await readdir(folder)).filter((name) => name.startsWith(prefix))
  for (const name of left) await rm(join(folder, name), whole)
}

/** Puts what was made in its place: `deps`, then `lib`, which is what makes the binding there. */
export async function commitStaging({ folder }: BindingPackage, staging: string): Promise<void> {
  // not renamed away: a layered file system, as in a container, does not rename folders of a lower layer
  for (const name of ['lib', 'deps']) await rm(join(folder, name), whole)
  for (const name of ['deps', 'lib']) await rename(join(staging, name), join(folder, name))
}
