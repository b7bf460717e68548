import { describeEngine } from '@convkit/core/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { tensorflowEngine } from './engine.js'

describeEngine(() => tensorflowEngine({ threads: 1 }), { beforeAll, describe, expect, it })
