import { createRegistry, type EngineProvider, type Plugin } from '@convkit/core'
import type { TestHost, testHost } from './test-host.js'

type Host = ReturnType<typeof testHost>

/** A host, with more plugins, whose engines call back when a training step is about to run; steps count from 1. */
export function interruptedHost(
  host: Host,
  onStep: (step: number, host: TestHost) => void,
  plugins: readonly Plugin[] = [],
): Host {
  let steps = 0
  const watched = (plugin: Plugin): Plugin =>
    plugin.engines
      ? {
          ...plugin,
          engines: plugin.engines.map((engine) => watchedEngine(engine, () => onStep(++steps, host))),
        }
      : plugin
  return {
    ...host,
    async registry() {
      const { plugins: own } = await host.registry()
      return createRegistry(...[...own, ...plugins].map(watched))
    },
  }
}

function watchedEngine(provider: EngineProvider, onStep: () => void): EngineProvider {
  return {
    ...provider,
    async create(options) {
      const engine = await provider.create(options)
      return {
        ...engine,
        async load(program) {
          const session = await engine.load(program)
          return {
            ...session,
            run(signature, feeds) {
              if (signature === 'train') onStep()
              return session.run(signature, feeds)
            },
          }
        },
      }
    },
  }
}
