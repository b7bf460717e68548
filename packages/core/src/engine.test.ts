import { describe, expect, it } from 'vitest'
import { type EngineProvider, type EnginePurpose, selectEngine } from './engine.js'
import { referenceEngine } from './testing.js'

function provider(name: string, priority: Record<EnginePurpose, number>, isAvailable = true): EngineProvider {
  return {
    name,
    priority,
    install: `npm install ${name}`,
    async create() {
      if (!isAvailable) throw new Error(`${name} is missing`)
      return { ...referenceEngine(), name }
    },
  }
}

const trainer = provider('trainer', { training: 2, inference: 1 })
const predictor = provider('predictor', { training: 1, inference: 2 })
const missing = provider('missing', { training: 3, inference: 3 }, false)

describe('selectEngine', () => {
  it('takes the available engine of the highest priority for the purpose', async () => {
    const providers = [predictor, missing, trainer]
    expect((await selectEngine(providers)).name).toBe('trainer')
    expect((await selectEngine(providers, 'auto', {}, 'training')).name).toBe('trainer')
    expect((await selectEngine(providers, 'auto', {}, 'inference')).name).toBe('predictor')
  })

  it('takes the one that is named, whatever it is for', async () => {
    expect((await selectEngine([predictor, trainer], 'trainer', {}, 'inference')).name).toBe('trainer')
  })

  it('says what is missing and how to install it', async () => {
    await expect(selectEngine([missing, predictor], 'missing')).rejects.toMatchObject({
      code: 'E_ENGINE_UNAVAILABLE',
      message: 'No engine is available (missing: missing is missing; install it with: npm install missing)',
    })
    await expect(selectEngine([predictor, trainer], 'other')).rejects.toMatchObject({
      code: 'E_UNKNOWN_ENGINE',
      message: 'There is no engine "other"; registered: trainer, predictor',
    })
    await expect(selectEngine([])).rejects.toThrow(
      "No engine is registered; import '@convkit/engine-onnx/register'",
    )
  })
})
