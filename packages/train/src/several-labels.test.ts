import { describe, expect, it } from 'vitest'
import { evaluate } from './evaluate.js'
import { evaluateClassifier } from './evaluate-classifier.js'
import { fit } from './fit.js'
import { crossEntropy } from './losses/cross-entropy.js'
import { adam } from './optimizers/adam.js'
import { microF1, subsetAccuracy } from './several-labels.js'
import { tinyDataset, tinyModel } from './test-support/tiny.js'
import { topK } from './top-k.js'

const data = tinyDataset(40, { severalLabels: true })

describe('metrics of several labels', () => {
  // Predicted: 1 0 1, 0 0 0, 1 1 0. A last row only fills up.
  const logits = Float32Array.of(2, -1, 0.1, -1, -2, 0, 3, 1, -1, 9, 9, 9)
  const targets = Float32Array.of(1, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0)
  const labels = Int32Array.of(0, 0, 0, -1)

  it.each([
    [subsetAccuracy(), 2 / 3],
    // 3 hits, 4 labels, 4 predictions
    [microF1(), 6 / 8],
  ])('%o', (metric, expected) => {
    const whole = metric.create()
    expect(whole.result()).toBeNaN()
    whole.update(logits, labels, 3, 3, targets)
    expect(whole.result()).toBeCloseTo(expected, 12)
    const resumed = metric.create()
    resumed.load(JSON.parse(JSON.stringify(whole.save())))
    expect(resumed.result()).toBe(whole.result())
    expect(() => resumed.load({ images: 1 })).toThrow('must be three whole numbers, got {"images":1}')
    expect(() => whole.update(logits, labels, 3, 3)).toThrow('the batch has no targets')
  })

  it('of no labels at all is 0', () => {
    const metric = microF1().create()
    metric.update(Float32Array.of(-1, -1, -1), Int32Array.of(0), 1, 3, new Float32Array(3))
    expect(metric.result()).toBe(0)
  })
})

describe('images of several labels', () => {
  it('are learnt with a sigmoid a class, also where gradients are accumulated', async () => {
    for (const accumulate of [1, 2]) {
      const model = await tinyModel()
      const { history } = await fit(model, data, {
        validation: data,
        epochs: 40,
        batchSize: 8,
        accumulate,
        optimizer: adam({ learningRate: 0.03 }),
      })
      expect(history[0]?.loss).toBeGreaterThan(0.4)
      expect(history.at(-1)).toMatchObject({
        val_microF1: expect.any(Number),
        subsetAccuracy: expect.any(Number),
      })
      expect(history.at(-1)?.val_subsetAccuracy).toBeGreaterThan(0.9)
      expect(history.at(-1)?.val_loss).toBeLessThan(0.2)
    }
  })

  it('are measured a class, with probabilities that need not sum to 1', async () => {
    const model = await tinyModel()
    const sums: number[] = []
    const result = await evaluate(model, data, {
      batchSize: 16,
      onBatch({ logits, probabilities, targets, labels }) {
        expect(targets).toHaveLength(3 * labels.length)
        expect(probabilities[0]).toBeCloseTo(1 / (1 + Math.exp(-(logits[0] as number))), 6)
        sums.push((probabilities[0] as number) + (probabilities[1] as number) + (probabilities[2] as number))
      },
    })
    expect(sums.some((sum) => Math.abs(sum - 1) > 0.1)).toBe(true)
    expect(result.images).toBe(40)
    expect(result.confusion).toEqual([])
    expect(result.perClass.map(({ label, images }) => [label, images])).toEqual([
      ['cat', 40],
      ['dog', 26],
      ['fox', 13],
    ])
    expect(Object.keys(result.metrics)).toEqual(['subsetAccuracy', 'microF1', 'meanAveragePrecision'])
  })

  it('are refused by what takes one label', async () => {
    const model = await tinyModel()
    await expect(fit(model, data, { epochs: 1, loss: crossEntropy() })).rejects.toMatchObject({
      code: 'E_OPTION',
      message: expect.stringContaining('crossEntropy takes one: use binaryCrossEntropy'),
    })
    await expect(evaluate(model, data, { metrics: [topK(1)] })).rejects.toThrow('top1 takes one')
    await expect(fit(model, data, { epochs: 1, validation: tinyDataset(4) })).rejects.toThrow(
      'give both or neither',
    )
    const classifier = { classes: data.classes, infer: async () => ({ probabilities: new Float32Array(3) }) }
    await expect(evaluateClassifier(classifier, data)).rejects.toMatchObject({ code: 'E_DATASET' })
  })
})
