import { cp, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { BindingPackage } from './package.js'

/** What a binding is made from, and what making it adds. */
const sources = ['package.json', 'binding.gyp', 'binding', 'scripts']

/**
 * A copy of the package's sources in a folder inside it, where its dependencies still resolve. A binding is made there:
 * the package's own files, which a package manager may have linked to its store, are never written, and a setup that
 * is killed leaves the package as it was.
 */
export async function createStaging({ folder }: BindingPackage): Promise<string> {
  const staging = stagingFolder(folder)
  await removeStaging({ folder })
  await mkdir(staging)
  for (const name of sources) await cp(join(folder, name), join(staging, name), { recursive: true })
  return staging
}

const stagingFolder = (folder: string) => join(folder, '.convkit-setup')

export async function removeStaging({ folder }: Pick<BindingPackage, 'folder'>): Promise<void> {
  await rm(stagingFolder(folder), { recursive: true, force: true })
}

/** Puts what was made in its place: `deps`, then `lib`, which is what makes the binding there. */
export async function commitStaging({ folder }: BindingPackage): Promise<void> {
  // not renamed away: a layered file system, as in a container, does not rename folders of a lower layer
  for (const name of ['lib', 'deps']) await rm(join(folder, name), { recursive: true, force: true })
  for (const name of ['deps', 'lib']) await rename(join(stagingFolder(folder), name), join(folder, name))
  await removeStaging({ folder })
}
