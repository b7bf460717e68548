import type { AnyArchitecture } from '../plugin.js'
import type { Registry } from '../registry.js'
import { type ArchitectureCheck, checkArchitecture } from './check-architecture.js'
import type { TestFramework } from './describe-engine/suite.js'

export interface DescribeArchitectureOptions
  extends Pick<ArchitectureCheck, 'inputSize' | 'classes' | 'batchSize'> {
  /** Holds the architecture and the blocks that it uses. */
  readonly registry: Registry
  /** Variants to check; all by default. */
  readonly variants?: readonly string[]
  /** Values that differ from the variants', such as fewer layers: the reference evaluator is slow. */
  readonly config?: object
}

/**
 * Declares the tests that every architecture passes, a test a variant: see {@link checkArchitecture}.
 *
 * ```ts
 * import { describe, expect, it } from 'vitest'
 * describeArchitecture(tinynet, { registry: createRegistry(plugin), inputSize: [16, 16] }, { describe, expect, it })
 * ```
 */
export function describeArchitecture(
  architecture: AnyArchitecture,
  { registry, variants = Object.keys(architecture.variants), ...check }: DescribeArchitectureOptions,
  { describe, expect, it }: Pick<TestFramework, 'describe' | 'expect' | 'it'>,
): void {
  describe(architecture.name, () => {
    it.each([...variants])('%s is a sound architecture', (model) => {
      expect(() => checkArchitecture({ model, registry, ...check })).not.toThrow()
    })
  })
}
