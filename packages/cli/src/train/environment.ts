import { execFile } from 'node:child_process'
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os'
import { promisify } from 'node:util'
import type { Engine } from '@convkit/core'
import { ownVersion } from '../version.js'

/** What else a run depended on, for its `environment.json`. */
export async function describeEnvironment(engine: Engine, seed: number): Promise<Record<string, unknown>> {
  return {
    convkit: ownVersion(),
    node: process.versions.node,
    platform: `${platform()} ${release()} ${arch()}`,
    cpu: { model: cpus()[0]?.model.trim(), cores: availableParallelism() },
    memoryBytes: totalmem(),
    engine: { name: engine.name, description: engine.description },
    seed,
    git: await gitState(),
    started: new Date().toISOString(),
  }
}

/** The commit of the working directory's repository, if it is in one. */
async function gitState(): Promise<{ commit: string; dirty: boolean } | undefined> {
  const git = async (...args: string[]) => (await promisify(execFile)('git', args)).stdout.trim()
  try {
    return { commit: await git('rev-parse', 'HEAD'), dirty: (await git('status', '--porcelain')) !== '' }
  } catch {
    return undefined
  }
}
