import { createRegistry, selectEngine } from '@convkit/core'
import { describe, expect, it } from 'vitest'
import plugin, { onnxEngine } from './index.js'
import { loadRuntime } from './runtime.js'

describe('the engine', () => {
  it('is registered by its plugin, and chosen', async () => {
    const { engines } = createRegistry(plugin)
    const engine = await selectEngine(engines.values(), 'auto', { threads: 1 })
    expect(engine.name).toBe('onnx')
    expect(engine.description).toMatch(/^onnxruntime \d+\.\d+\.\d+ on cpu, 1 thread$/)
  })

  it('takes all cores by default', async () => {
    expect((await onnxEngine()).description).toMatch(/, \d+ threads?$/)
  })

  it('says how to install what is missing', async () => {
    const missing = async () => {
      throw new Error("Cannot find package 'onnxruntime-node'\nRequire stack: …")
    }
    await expect(loadRuntime('onnxruntime-node', missing)).rejects.toMatchObject({
      code: 'E_ENGINE_UNAVAILABLE',
      message:
        "onnxruntime-node does not load (Cannot find package 'onnxruntime-node'); install it with: npm install onnxruntime-node",
    })
  })
})
