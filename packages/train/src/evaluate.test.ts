import { describe, expect, it } from 'vitest'
import { evaluate } from './evaluate.js'
import { crossEntropy } from './losses/cross-entropy.js'
import { tinyDataset, tinyModel } from './test-support/tiny.js'
import { largestDifference } from './test-support/torch.js'
import { watchedEngine } from './test-support/watched-engine.js'
import { topK } from './top-k.js'

const data = tinyDataset(7)

describe('evaluate', () => {
  it('counts every image once, whatever the batch size', async () => {
    const model = await tinyModel()
    const [whole, parts, larger] = await Promise.all(
      [7, 3, 10].map((batchSize) => evaluate(model, data, { batchSize })),
    )
    expect(whole?.images).toBe(7)
    for (const other of [parts, larger]) {
      expect(other).toMatchObject({ images: 7, metrics: whole?.metrics, confusion: whole?.confusion })
      expect(other?.loss).toBeCloseTo(whole?.loss as number, 6)
    }
  })

  it('agrees with the images’ own logits', async () => {
    const { engine, openSessions } = watchedEngine()
    const model = await tinyModel({ dropout: 0.5, batchNorm: true }, engine)
    const samples = await Promise.all(Array.from({ length: 7 }, (_, index) => data.item(index)))
    const { probabilities } = await model.infer(samples.map(({ pixels }) => pixels))
    const losses = samples.map(({ label }, row) => -Math.log(probabilities[row * 3 + label] as number))
    const rows: number[] = []
    const progress: string[] = []
    const { loss, confusion, perClass, metrics } = await evaluate(model, data, {
      batchSize: 4,
      onBatch(batch) {
        rows.push(...batch.probabilities)
        progress.push(`${batch.done}/${batch.total} ${batch.indices} ${batch.labels} ${batch.logits.length}`)
      },
    })
    await model.dispose()
    expect(loss).toBeCloseTo(losses.reduce((a, b) => a + b) / 7, 5)
    expect(largestDifference(rows, probabilities)).toBeLessThan(1e-5)
    expect(progress).toEqual(['4/7 0,1,2,3 0,1,2,0 12', '7/7 4,5,6 1,2,0 9'])
    expect(confusion.map((row) => row.reduce((a, b) => a + b))).toEqual([3, 2, 2])
    expect(confusion.reduce((sum, row, i) => sum + (row[i] as number), 0) / 7).toBe(metrics.top1)
    expect(perClass.map(({ label, images }) => [label, images])).toEqual([
      ['cat', 3],
      ['dog', 2],
      ['fox', 2],
    ])
    expect(openSessions()).toBe(0)
  })

  it('measures without smoothing and class weights, and any metrics', async () => {
    const model = await tinyModel()
    const shaped = crossEntropy({ labelSmoothing: 0.2, classWeights: [1, 5, 1] })
    const [plain, other] = [
      await evaluate(model, data),
      await evaluate(model, data, { loss: shaped, metrics: [topK(2)] }),
    ]
    expect(other.loss).toBe(plain.loss)
    expect(Object.keys(other.metrics)).toEqual(['top2'])
  })

  it('disposes of the session when aborted', async () => {
    const { engine, openSessions } = watchedEngine()
    const model = await tinyModel({}, engine)
    await expect(evaluate(model, data, { signal: AbortSignal.abort() })).rejects.toThrow('aborted')
    expect(openSessions()).toBe(0)
  })

  it('names what is wrong', async () => {
    const model = await tinyModel()
    await expect(evaluate(model, data, { batchSize: 0 })).rejects.toThrow('batchSize must be')
    await expect(evaluate(model, tinyDataset(3, { classes: ['a'] }))).rejects.toMatchObject({
      code: 'E_CLASSES',
    })
  })
})
