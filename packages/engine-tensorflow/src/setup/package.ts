import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

export type PackageName = '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu'

/** An installed package that has, or can have, a native binding to TensorFlow. */
export interface BindingPackage {
  readonly name: PackageName
  readonly version: string
  readonly folder: string
}

/** The package that runs on the CPU, or the one that runs on a CUDA GPU. */
export const packageFor = (gpu: boolean): PackageName =>
  gpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node'

/** The package as Node resolves it from `folder`, else from where this engine is installed. */
export function findPackage(name: PackageName, folder: string): BindingPackage | undefined {
  for (const file of [join(folder, 'package.json'), import.meta.url]) {
    try {
      const manifest = createRequire(file).resolve(`${name}/package.json`)
      const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
      return { name, version, folder: dirname(manifest) }
    } catch {
      // not installed there
    }
  }
  return undefined
}

/** Where the package looks for its binding: `lib/napi-v8/tfjs_binding.node`. */
export function bindingFile({ folder }: Pick<BindingPackage, 'folder'>): string {
  const { binary } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    binary: { napi_versions: number[] }
  }
  const supported = binary.napi_versions.filter((version) => version <= Number(process.versions.napi))
  return join(folder, 'lib', `napi-v${Math.max(...supported)}`, 'tfjs_binding.node')
}

export const hasBinding = (installed: BindingPackage) => existsSync(bindingFile(installed))
