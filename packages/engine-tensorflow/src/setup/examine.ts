import { checkBinding } from './check.js'
import { type ContextOptions, createContext } from './context.js'
import { findPackage, hasBinding, type PackageName } from './package.js'
import { installCommand } from './package-manager.js'

export interface ExamineOptions extends ContextOptions {
  /** Where packages are looked for first; the working directory by default. */
  readonly folder?: string
}

/** What there is, or why it is missing and the command that mends it. */
export type TensorflowState =
  | { readonly ok: true; readonly found: string }
  | { readonly ok: false; readonly found: string; readonly remedy: string }

const names: readonly PackageName[] = ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu']

/** Tries each installed package that has a native binding, in a process of its own. */
export async function examineTensorflow(options: ExamineOptions = {}): Promise<TensorflowState> {
  const { folder = process.cwd() } = options
  const context = createContext(options)
  const packages = names.flatMap((name) => findPackage(name, folder) ?? [])
  const [first] = packages
  if (!first) {
    const remedy = `${installCommand(folder, names[0] as string)} && convkit setup tensorflow`
    return { ok: false, found: `${names[0]} is not installed`, remedy }
  }
  const made = packages.filter(hasBinding)
  const states = await Promise.all(
    (made.length > 0 ? made : [first]).map(async (installed): Promise<TensorflowState> => {
      const check = await checkBinding(context, installed)
      const { name, version } = installed
      const remedy = `convkit setup tensorflow${name.endsWith('-gpu') ? ' --gpu' : ''}`
      if (!check.ok) return { ok: false, found: check.reason, remedy }
      const device = check.isOnGpu ? 'CUDA GPU' : 'CPU'
      return { ok: true, found: `tensorflow ${check.version} (${name} ${version}), ${device}` }
    }),
  )
  const working = states.filter(({ ok }) => ok)
  if (working.length === 0) return states[0] as TensorflowState
  return { ok: true, found: working.map(({ found }) => found).join('; ') }
}
