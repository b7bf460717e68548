import type { Engine } from '@convkit/core'
import { referenceEngine } from '@convkit/core/testing'

/** The reference engine, with what was run and what is still loaded. */
export function watchedEngine() {
  const engine = referenceEngine()
  const runs: string[] = []
  const state: string[] = []
  let open = 0
  const watched: Engine = {
    ...engine,
    async load(program) {
      const session = await engine.load(program)
      open++
      state.push(...Object.keys(program.state))
      return {
        ...session,
        run(signature, feeds) {
          runs.push(signature)
          return session.run(signature, feeds)
        },
        async dispose() {
          open--
          await session.dispose()
        },
      }
    },
  }
  return { engine: watched, runs, state, openSessions: () => open }
}
