import { fileURLToPath } from 'node:url'
import { tellingLine } from './command.js'
import type { SetupContext } from './context.js'
import { type BindingPackage, hasBinding } from './package.js'

/** An engine that trained a small network right. */
export interface Working {
  readonly ok: true
  /** TensorFlow's. */
  readonly version: string
  readonly isOnGpu: boolean
  /** Largest difference from the reference evaluator, relative to the largest value. */
  readonly difference: number
}

/** What a process of its own found; or why nothing can be trained. */
export type Check = Working | { readonly ok: false; readonly reason: string }

/** Trains a small network with the package's binding, in a process of its own, beside the reference evaluator. */
export async function checkBinding({ env, run }: SetupContext, installed: BindingPackage): Promise<Check> {
  if (!hasBinding(installed)) return { ok: false, reason: `${installed.name} has no native binding` }
  // in the build, where this is part of a file of dist
  const probe = fileURLToPath(new URL('./setup/probe.js', import.meta.url))
  const result = await run(process.execPath, [probe, installed.folder], {
    env: { TF_CPP_MIN_LOG_LEVEL: '2', ...env },
    timeout: 120_000,
  })
  // libraries may print too
  const report = result.stdout.split('\n').find((line) => line.startsWith('{'))
  return report ? (JSON.parse(report) as Check) : { ok: false, reason: tellingLine(result) }
}
