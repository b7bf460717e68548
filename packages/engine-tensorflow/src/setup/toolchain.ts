import type { SetupContext } from './context.js'
import { setupError } from './failure.js'

/** @throws E_SETUP when the compiler (`CXX`, else g++) or make is missing, with the commands that install them. */
export async function requireToolchain({ env, run }: SetupContext): Promise<void> {
  const missing: string[] = []
  for (const command of [env.CXX || 'g++', 'make']) {
    const { failure } = await run(command, ['--version'], { timeout: 30_000 })
    if (failure !== undefined) missing.push(`${command} (${failure})`)
  }
  if (missing.length === 0) return
  throw setupError(
    `building needs ${missing.join(' and ')}; apt-get install g++ make, or dnf install gcc-c++ make`,
  )
}
