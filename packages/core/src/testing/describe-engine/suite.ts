import type { Engine } from '../../engine.js'

/** The part of vitest that the suites use: `import { beforeAll, describe, expect, it } from 'vitest'`. */
export type TestFramework = Pick<typeof import('vitest'), 'beforeAll' | 'describe' | 'expect' | 'it'>

/** Declares tests of an engine, which exists once they run. */
export type EngineSuite = (engine: () => Engine, framework: TestFramework) => void
