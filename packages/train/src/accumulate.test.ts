import { describe, expect, it } from 'vitest'
import { fit } from './fit.js'
import { crossEntropy } from './losses/cross-entropy.js'
import { sgd } from './optimizers/sgd.js'
import { tinyDataset, tinyModel } from './test-support/tiny.js'
import { largestDifference } from './test-support/torch.js'
import { watchedEngine } from './test-support/watched-engine.js'

const train = tinyDataset(12)

describe('gradient accumulation', () => {
  const trained = async (options: object) => {
    const { engine, runs } = watchedEngine()
    const model = await tinyModel({}, engine)
    const optimizer = sgd({ learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 })
    const { history, steps } = await fit(model, train, {
      epochs: 2,
      optimizer,
      clip: { norm: 0.5 },
      ...options,
    })
    return { weights: model.weights, history, steps, runs }
  }

  it('is as one batch so many times larger', async () => {
    const [parts, whole] = [await trained({ batchSize: 2, accumulate: 3 }), await trained({ batchSize: 6 })]
    expect(parts.steps).toBe(whole.steps)
    for (const [name, { data }] of parts.weights) {
      expect(largestDifference(data, whole.weights.get(name)?.data ?? [])).toBeLessThan(1e-6)
    }
    expect(parts.history[1]?.loss).toBeCloseTo(whole.history[1]?.loss as number, 6)
    expect(parts.runs.slice(0, 4)).toEqual(['gradients', 'gradients', 'gradients', 'apply'])
  })

  it('measures batches as crossEntropy does, with smoothing', async () => {
    const loss = crossEntropy({ labelSmoothing: 0.1 })
    const [parts, whole] = [
      await trained({ batchSize: 4, accumulate: 3, loss }),
      await trained({ batchSize: 12, loss }),
    ]
    expect(parts.history[0]?.loss).toBeCloseTo(whole.history[0]?.loss as number, 6)
  })
})
