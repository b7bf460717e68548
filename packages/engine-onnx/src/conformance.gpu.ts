import { describeEngine } from '@convkit/core/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { onnxEngine } from './engine.js'

describeEngine(() => onnxEngine({ threads: 1, device: 'webgpu' }), { beforeAll, describe, expect, it })
