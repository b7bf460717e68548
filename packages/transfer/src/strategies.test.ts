import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadModel, saveModel } from '@convkit/core/node'
import { evaluate, fit } from '@convkit/train'
import { describe, expect, it } from 'vitest'
import { autoStrategy, chooseStrategy } from './auto-strategy.js'
import { embeddings } from './embeddings.js'
import { replaceHead, setHead } from './head.js'
import { type FeatureScore, measureStages } from './measure-stages.js'
import { nearestNeighbours } from './nearest-neighbours.js'
import { prepare, strategyNames } from './strategies.js'
import { colours, stagedModel } from './testing/tiny.js'

const [train, validation] = [colours(30), colours(9, 2)]

describe('strategies', () => {
  it.each(strategyNames)(
    '%s begins with a head that knows something, and trains',
    { timeout: 60_000 },
    async (name) => {
      // As on a network whose own features are the best.
      const measured = await measureStages(await stagedModel(), train)
      const scores = measured.scores.map((score) =>
        score.stages[0] === 'last' ? { ...score, top1: 1, loss: 0 } : score,
      )
      const { model, phases, learningRate, head } = await prepare(name, await stagedModel(), train, {
        measures: { ...measured, scores },
      })
      const { metrics } = await evaluate(model, train)
      expect(metrics.top1).toBeGreaterThan(0.6)
      expect(head?.stages === undefined).toBe(name !== 'shallow-features')
      const before = [...model.weights].map(([key, { data }]) => [key, `${data}`] as const)
      await fit(model, train, { epochs: 1, batchSize: 10, phases, validation })
      const moved = before
        .filter(([key, data]) => `${model.weights.get(key)?.data}` !== data)
        .map(([key]) => key)
      expect(learningRate).toBeGreaterThan(0)
      const trains = (layer: string) => moved.some((key) => key.startsWith(layer))
      expect(trains('fc')).toBe(true)
      expect(trains('layer3')).toBe(name.startsWith('fine-tune'))
      expect(trains('layer1')).toBe(name === 'fine-tune-all')
    },
  )

  it('auto measures, chooses and says why', { timeout: 60_000 }, async () => {
    const { strategy, reason, model, measures } = await autoStrategy(await stagedModel(), train)
    expect(strategyNames).toContain(strategy)
    expect(reason).toMatch(/^10 images a class; the task is (similar|unlike); /)
    expect(measures.scores.map(({ stages }) => stages.join('+'))).toEqual([
      'layer1',
      'layer2',
      'layer3',
      'last',
      'layer1+layer2+layer3',
    ])
    expect(model.classes).toEqual(train.classes)
  })

  it('trains up to the stage that is best, and leaves later ones out', { timeout: 60_000 }, async () => {
    const measures = await measureStages(await stagedModel(), train)
    const scores = measures.scores.map((score) =>
      score.stages.at(-1) === 'layer2' ? { ...score, top1: 1, loss: 0.01 } : { ...score, top1: 0.4, loss: 1 },
    )
    for (const name of ['fine-tune-top', 'fine-tune-all'] as const) {
      const model = await stagedModel()
      const prepared = await prepare(name, model, train, { measures: { ...measures, scores } })
      expect(prepared.head?.stages).toEqual(['layer2'])
      expect([...prepared.model.weights.keys()].some((key) => key.startsWith('layer3'))).toBe(false)
      const [phase] = prepared.phases
      expect(phase?.isFrozen?.('layer1.conv')).toBe(name === 'fine-tune-top')
      expect(phase?.isFrozen?.('layer2.conv')).toBe(false)
    }
  })

  it('chooses by data size and likeness', { timeout: 60_000 }, async () => {
    const measures = await measureStages(await stagedModel(), train)
    const measured = (imagesPerClass: number, last: number, early: number) => {
      const score = (stages: string[], top1: number): FeatureScore => ({
        stages,
        top1,
        loss: 1 - top1,
        l2: 0.01,
        width: 1,
      })
      return chooseStrategy({
        ...measures,
        imagesPerClass,
        scores: [score(['layer1'], early), score(['last'], last)],
      }).strategy
    }
    expect(measured(20, 0.9, 0.8)).toBe('feature-extraction')
    expect(measured(20, 0.5, 0.9)).toBe('shallow-features')
    expect(measured(200, 0.9, 0.8)).toBe('feature-extraction')
    expect(measured(200, 0.5, 0.9)).toBe('fine-tune-top')
    expect(measured(500, 0.9, 0.8)).toBe('fine-tune-top')
    expect(measured(500, 0.5, 0.9)).toBe('fine-tune-all')
  })
})

describe('heads', () => {
  it('leave out later stages, and come back from a saved model', async () => {
    const model = await replaceHead(await stagedModel(), {
      stages: ['layer1', 'layer2'],
      hidden: 5,
      dropRate: 0.2,
    })
    const names = [...model.weights.keys()]
    expect(names.filter((name) => name.startsWith('fc.'))).toEqual([
      'fc.hidden.weight',
      'fc.hidden.bias',
      'fc.weight',
      'fc.bias',
    ])
    expect(names.some((name) => name.startsWith('layer3'))).toBe(false)
    expect(model.weights.get('fc.hidden.weight')?.shape).toEqual([5, 10])
    expect(model.trace({ batchSize: 2, mode: 'train' }).masks.size).toBe(2)
    expect(model.trace({ batchSize: 2, mode: 'infer' }).masks.size).toBe(0)

    const folder = await mkdtemp(join(tmpdir(), 'convkit-head-'))
    try {
      await saveModel(model, folder)
      const { engine, registry } = model
      const loaded = await loadModel(folder, { engine, registry })
      const { pixels } = await train.item(4)
      expect(await loaded.predict(pixels)).toEqual(await model.predict(pixels))
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('name stages that are not there, and weights that do not fit', async () => {
    const model = await stagedModel()
    await expect(replaceHead(model, { stages: ['layer9'] })).rejects.toThrow(/no stage 'layer9'/)
    await expect(replaceHead(model, { hidden: 0 })).rejects.toThrow(/head: hidden/)
    const probe = { weight: new Float32Array(6), bias: new Float32Array(3) }
    expect(() => setHead(model, probe)).toThrow('not one dense layer of 2 inputs')
  })
})

describe('embeddings', () => {
  it('are rows of pooled features, by which neighbours label images', async () => {
    const model = await stagedModel()
    const [known, asked] = [await embeddings(model, train), await embeddings(model, validation)]
    expect(known.tensor.shape).toEqual([30, 8])
    expect(known.indices).toEqual(Array.from({ length: 30 }, (_, i) => i))
    expect((await embeddings(model, train, { stages: ['layer1', 'layer2'] })).width).toBe(10)
    await expect(embeddings(model, train, { stages: ['stem'] })).rejects.toThrow(/no stage 'stem'/)
    const { top1 } = nearestNeighbours(known, asked, { classes: 3, k: 5 })
    expect(top1).toBeGreaterThan(0.6)
    // Each image is its own nearest neighbour.
    expect(nearestNeighbours(known, known, { classes: 3, k: 1 }).top1).toBe(1)
    expect(() => nearestNeighbours(known, asked, { classes: 3, k: 0 })).toThrow('k of at least 1')
  })
})
