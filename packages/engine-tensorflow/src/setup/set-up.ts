import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { checkBinding, type Working } from './check.js'
import { type ContextOptions, createContext } from './context.js'
import { setupError } from './failure.js'
import { withLock } from './lock.js'
import { makeBinding } from './make-binding.js'
import { type BindingPackage, findPackage, packageFor } from './package.js'
import { installCommand } from './package-manager.js'
import { requirePlatform } from './platform.js'

export interface SetupOptions extends ContextOptions {
  /** Set up `@tensorflow/tfjs-node-gpu`, for CUDA, instead of `@tensorflow/tfjs-node`. */
  readonly gpu?: boolean
  /** The Python whose TensorFlow or pip is used; CONVKIT_PYTHON, `python3` or `python` by default. */
  readonly python?: string
  /** Where the package is looked for first; the working directory by default. */
  readonly folder?: string
}

export interface SetupResult {
  readonly package: BindingPackage
  /** The version of TensorFlow. */
  readonly tensorflow: string
  readonly isOnGpu: boolean
  /** Largest difference of the trained network from the reference evaluator's, relative to the largest value. */
  readonly difference: number
  /** False when the binding was there, or another setup made it meanwhile. */
  readonly made: boolean
  readonly seconds: number
}

/**
 * Makes the native binding of an installed tfjs-node, unless it is there and trains a small network right.
 *
 * @throws E_SETUP with what was tried, and what to do about it.
 */
export async function setUpTensorflow(options: SetupOptions = {}): Promise<SetupResult> {
  const { gpu = false, python, folder = process.cwd() } = options
  const started = performance.now()
  const context = createContext(options)
  const installed = requirePackage(gpu, folder)
  context.say('Package', `${installed.name} ${installed.version} in ${installed.folder}`)

  let made = false
  const present = await checkBinding(context, installed)
  const working = present.ok ? present : await repair()
  const seconds = Math.round((performance.now() - started) / 1000)
  const { version, isOnGpu, difference } = working
  return { package: installed, tensorflow: version, isOnGpu, difference, made, seconds }

  async function repair(): Promise<Working> {
    if (!present.ok) context.say('Binding', present.reason)
    requirePlatform()
    await requireWritable(installed)
    let waited = false
    const wait = () => {
      waited = true
      context.say('Waiting', 'another convkit setup is at work')
    }
    return withLock(wait, async () => {
      const other = waited ? await checkBinding(context, installed) : present
      if (other.ok) return other
      made = true
      return makeBinding(context, installed, { gpu, python })
    })
  }
}

function requirePackage(gpu: boolean, folder: string): BindingPackage {
  const name = packageFor(gpu)
  const installed = findPackage(name, folder)
  if (installed) return installed
  const command = installCommand(folder, name)
  throw setupError(`${name} is not installed; install it with: ${command}; then run this again`)
}

async function requireWritable({ folder }: BindingPackage): Promise<void> {
  try {
    await access(folder, constants.W_OK)
  } catch {
    throw setupError(
      `${folder} cannot be written; run this as its owner, or install the package in a project`,
    )
  }
}
