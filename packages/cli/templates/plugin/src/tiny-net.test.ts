import { createRegistry } from '@convkit/core'
import { describeArchitecture } from '@convkit/core/testing'
import { describe, expect, it } from 'vitest'
import plugin, { tinyNet } from './index.js'

describeArchitecture(
  tinyNet,
  { registry: createRegistry(plugin), inputSize: [32, 32], config: { width: 4 } },
  { describe, expect, it },
)
