import { fit, sgd } from '@convkit/train'
import { describe, expect, it } from 'vitest'
import { fineTune } from './fine-tune.js'
import { decayByDepth, learningRatesNamed } from './learning-rates.js'
import { colours, stagedModel } from './testing/tiny.js'
import { thaw } from './thaw.js'
import { unfreeze } from './unfreeze.js'

const train = colours(12)

/** How far each parameter moves in one step of plain gradient descent. */
async function firstStep(learningRateOf?: (name: string) => number) {
  const model = await stagedModel()
  const before = new Map(model.weights)
  await fit(model, train, {
    epochs: 1,
    batchSize: 12,
    optimizer: sgd({ learningRate: 0.1 }),
    ...(learningRateOf && { learningRateOf }),
  })
  return (name: string) => {
    const old = before.get(name)?.data ?? new Float32Array()
    const now = model.weights.get(name)?.data ?? new Float32Array()
    return now.reduce((sum, value, i) => sum + Math.abs(value - (old[i] as number)), 0)
  }
}

describe('multipliers of the learning rate', () => {
  it('go down by depth', async () => {
    const model = await stagedModel()
    const rates = decayByDepth(model, 0.5)
    const names = ['layer1.conv.weight', 'layer2.bn.bias', 'layer3.conv.weight', 'fc.weight']
    expect(names.map(rates)).toEqual([0.125, 0.25, 0.5, 1])
    expect(() => decayByDepth(model, 0)).toThrow('decay must be in (0, 1], got 0')
  })

  it('scale what a step changes, and only that', async () => {
    const [whole, scaled] = [
      await firstStep(),
      await firstStep(learningRatesNamed({ 'layer1.conv': 0.25, 'layer*.bn': 0 })),
    ]
    expect(scaled('layer1.conv.weight') / whole('layer1.conv.weight')).toBeCloseTo(0.25, 3)
    expect(scaled('layer2.bn.weight')).toBe(0)
    expect(scaled('fc.weight')).toBeCloseTo(whole('fc.weight'), 5)
  })
})

describe('thawing', () => {
  it('thaws layers at their epochs', async () => {
    const model = await stagedModel()
    const moved: string[][] = []
    let before = new Map(model.weights)
    await fit(model, train, {
      epochs: 3,
      batchSize: 6,
      callbacks: [
        unfreeze({
          steps: [
            { epoch: 2, frozen: 'nothing' },
            { epoch: 0 },
            { epoch: 1, frozen: { layers: ['layer1', 'layer2'] } },
          ],
        }),
        {
          name: 'moved',
          async onEpochEnd(_epoch, _logs, context) {
            const now = await context.weights()
            const changed = [...now].filter(([name, { data }]) => `${data}` !== `${before.get(name)?.data}`)
            moved.push([...new Set(changed.map(([name]) => name.split('.', 1)[0] as string))])
            before = now
          },
        },
      ],
    })
    expect(moved).toEqual([['fc'], ['layer3', 'fc'], ['layer1', 'layer2', 'layer3', 'fc']])
  })

  it('gives layers learning rates of their own from an epoch on', async () => {
    const model = await stagedModel()
    const moved: number[] = []
    let before = model.weights.get('layer1.conv.weight')
    await fit(model, train, {
      epochs: 2,
      batchSize: 12,
      optimizer: sgd({ learningRate: 0.1 }),
      callbacks: [
        unfreeze({
          steps: [
            { epoch: 0, frozen: 'nothing', learningRates: { layer1: 0 } },
            { epoch: 1, frozen: 'nothing', learningRates: { layer1: 1e-3 } },
          ],
        }),
        {
          name: 'moved',
          async onEpochEnd(_epoch, _logs, context) {
            const now = (await context.weights()).get('layer1.conv.weight')
            moved.push(
              Math.max(...(now?.data ?? []).map((value, i) => Math.abs(value - (before?.data[i] ?? 0)))),
            )
            before = now
          },
        },
      ],
    })
    expect(moved[0]).toBe(0)
    expect(moved[1]).toBeGreaterThan(0)
    expect(moved[1]).toBeLessThan(1e-4)
  })

  it('is asked for once', async () => {
    const model = await stagedModel()
    const steps = [{ epoch: 0 }]
    const asked = (options: object) => fit(model, train, { epochs: 1, ...options })
    const callbacks = [unfreeze({ steps })]
    await expect(asked({ callbacks, phases: thaw(model, steps) })).rejects.toThrow(
      'phases says what is frozen and how fast the rest learns, and so does the callback unfreeze',
    )
    await expect(
      asked({ callbacks: [...callbacks, { ...unfreeze({ steps }), name: 'again' }] }),
    ).rejects.toThrow('such that one of them freezes layers')
  })

  it('needs a step at epoch 0', async () => {
    const model = await stagedModel()
    expect(() => thaw(model, [{ epoch: 1 }])).toThrow('a step must begin at epoch 0, got 1')
  })

  it('resumes in a later phase bit for bit', async () => {
    const run = async (resumed: boolean) => {
      const model = await stagedModel()
      const phases = thaw(model, [{ epoch: 0 }, { epoch: 2, frozen: { upTo: 'layer1' } }])
      const options = {
        epochs: 4,
        batchSize: 6,
        phases,
        optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
      }
      if (!resumed) await fit(model, train, options)
      else {
        let taken: Awaited<ReturnType<Parameters<typeof save>[0]['snapshot']>> | undefined
        const save = async (context: import('@convkit/core').TrainingContext) => {
          taken = await context.snapshot()
        }
        await fit(model, train, {
          ...options,
          callbacks: [
            {
              name: 'stop',
              async onEpochEnd(epoch, _logs, context) {
                if (epoch !== 2) return
                await save(context)
                context.control.stop = true
              },
            },
          ],
        })
        const again = await stagedModel()
        await fit(again, train, { ...options, ...(taken && { resume: taken }) })
        return [...again.weights.values()].flatMap(({ data }) => [...data])
      }
      return [...model.weights.values()].flatMap(({ data }) => [...data])
    }
    expect(await run(true)).toEqual(await run(false))
  })
})

describe('fineTune', () => {
  it('trains the head first, then the rest', async () => {
    const model = await stagedModel()
    const body = model.weights.get('layer1.conv.weight')?.data
    const { history, epochs } = await fineTune(model, train, {
      epochs: 2,
      freezeEpochs: 3,
      batchSize: 6,
      validation: colours(6, 2),
      callbacks: [
        {
          name: 'frozen until the fourth epoch',
          async onEpochEnd(epoch, _logs, context) {
            const now = (await context.weights()).get('layer1.conv.weight')?.data
            expect(`${now}` === `${body}`).toBe(epoch < 3)
          },
        },
      ],
    })
    expect(epochs).toBe(5)
    expect(history[4]?.loss).toBeLessThan(history[0]?.loss ?? 0)
  })
})
