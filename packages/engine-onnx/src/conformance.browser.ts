import { describeEngine } from '@convkit/core/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { onnxWebEngine } from './web.js'

describe.each(['webgpu', 'cpu'] as const)('device %s', (device) => {
  describeEngine(() => onnxWebEngine({ device }), { beforeAll, describe, expect, it })
})
