import type { Engine } from '../engine.js'
import { describeErrors } from './describe-engine/errors.js'
import { describeOps } from './describe-engine/op-agreement.js'
import { describeSession } from './describe-engine/session.js'
import type { TestFramework } from './describe-engine/suite.js'
import { describeTraining } from './describe-engine/training.js'

/**
 * Declares the tests that every engine passes: each op and its gradient beside the reference evaluator (1e-4 of the
 * largest value forward, 1e-3 for gradients), sessions and their errors, training step by step.
 *
 * ```ts
 * import { beforeAll, describe, expect, it } from 'vitest'
 * describeEngine(() => onnxEngine({ threads: 1 }), { beforeAll, describe, expect, it })
 * ```
 */
export function describeEngine(create: () => Promise<Engine>, framework: TestFramework): void {
  let made: Engine | undefined
  framework.beforeAll(async () => {
    made = await create()
  })
  const engine = () => made as Engine
  for (const suite of [describeOps, describeSession, describeErrors, describeTraining])
    suite(engine, framework)
}
