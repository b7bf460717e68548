import { describe, expect, it } from 'vitest'
import { findLearningRate, steepest } from './find-learning-rate.js'
import { colours, stagedModel } from './testing/tiny.js'

describe('findLearningRate', () => {
  it('raises the rate by the same factor, and leaves the model as it was', async () => {
    const model = await stagedModel()
    const before = [...model.weights].map(([name, { data }]) => [name, [...data]])
    const seen: number[] = []
    const { points, suggestion } = await findLearningRate(model, colours(24), {
      batchSize: 6,
      steps: 25,
      from: 1e-4,
      to: 1,
      divergence: 1e9,
      onStep: (_, step) => void seen.push(step),
    })
    expect(points).toHaveLength(25)
    expect(seen).toEqual(points.map((_, i) => i + 1))
    expect(points[0]?.learningRate).toBeCloseTo(1e-4, 12)
    expect(points[12]?.learningRate).toBeCloseTo(1e-2, 6)
    expect(points[24]?.learningRate).toBeCloseTo(1, 6)
    expect(points[0]?.smoothed).toBeCloseTo(points[0]?.loss ?? 0, 6)
    expect(suggestion).toBeGreaterThan(1e-4)
    expect([...model.weights].map(([name, { data }]) => [name, [...data]])).toEqual(before)
  })

  it('ends where the loss diverges', async () => {
    const model = await stagedModel()
    const { points } = await findLearningRate(model, colours(24), {
      batchSize: 6,
      steps: 40,
      from: 1,
      to: 1e6,
    })
    expect(points.length).toBeLessThan(40)
    expect(points.every(({ loss }) => Number.isFinite(loss))).toBe(true)
  })

  it('gives the model its weights back when something fails', async () => {
    const model = await stagedModel()
    const before = [...model.weights.values()].flatMap(({ data }) => [...data])
    const failing = findLearningRate(model, colours(12), {
      batchSize: 6,
      from: 0.1,
      onStep(_, step) {
        if (step === 2) throw new Error('no more')
      },
    })
    await expect(failing).rejects.toThrow('no more')
    expect([...model.weights.values()].flatMap(({ data }) => [...data])).toEqual(before)
  })

  it('suggests nothing for a loss that never falls, and names a range that is none', async () => {
    const point = (learningRate: number, smoothed: number) => ({ learningRate, loss: smoothed, smoothed })
    expect(steepest([point(1, 1), point(2, 2)])).toBeUndefined()
    expect(steepest([point(1, 5), point(2, 4.9), point(3, 3), point(4, 2.5), point(5, 9)])).toBe(3)
    const model = await stagedModel()
    await expect(findLearningRate(model, colours(6), { from: 1, to: 1 })).rejects.toThrow('0 < from < to')
  })
})
