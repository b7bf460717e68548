import { referenceEngine } from '@convkit/core/testing'
import { dense, gradients, input, oneHot, type Program, state, vector } from '@convkit/graph'
import { evaluate } from '@convkit/graph/reference'
import { describe, expect, it } from 'vitest'
import { clipGradients } from '../clip-gradients.js'
import { crossEntropy } from '../losses/cross-entropy.js'
import { largestDifference, torch } from '../test-support/torch.js'
import { adam, adamW } from './adam.js'
import type { Optimizer } from './optimizer.js'
import { optimizerFeeds, optimizerStep, slotState } from './optimizer-step.js'
import { rmsprop } from './rmsprop.js'
import { sgd } from './sgd.js'

const { images, features, classes, x, labels, weight, bias } = torch.problem
const makers: Record<string, (options: object) => Optimizer> = { sgd, adam, adamW, rmsprop }
const parameters = new Map([
  ['weight', state('weight', [classes, features])],
  ['bias', state('bias', [classes])],
])

/** One step on the linear classifier that the fixture trains. */
function stepProgram(optimizer: Optimizer): Program {
  const [w, b] = [...parameters.values()]
  const targets = input('labels', [images], 'int32')
  const loss = crossEntropy().build({
    logits: dense(vector(x, [images, features]), w!, b),
    targets: oneHot(targets, classes),
    areSoft: false,
    sampleWeights: vector(labels.map(() => 1)),
  })
  const { inputs, updates } = optimizerStep(optimizer, parameters, gradients(loss, [w!, b!]))
  const first = (shape: number[], data: number[]) => ({
    shape,
    initial: () => ({ dtype: 'float32' as const, shape, data: Float32Array.from(data) }),
  })
  return {
    state: {
      weight: first([classes, features], weight),
      bias: first([classes], bias),
      ...slotState(optimizer, parameters),
    },
    signatures: { step: { inputs: { labels: targets, ...inputs }, outputs: { loss }, updates } },
  }
}

describe('optimizers', () => {
  it.each(torch.optimizers)('$name $options takes PyTorch’s steps', async ({ name, options, steps }) => {
    const optimizer = makers[name]!(options)
    const session = await referenceEngine().load(stepProgram(optimizer))
    for (const [index, expected] of steps.entries()) {
      await session.run('step', {
        labels: { dtype: 'int32', shape: [images], data: Int32Array.from(labels) },
        ...optimizerFeeds(optimizer, optimizer.learningRate, index + 1),
      })
      const actual = await session.read(['weight', 'bias'])
      expect(largestDifference(actual.get('weight')!.data, expected.weight)).toBeLessThan(1e-6)
      expect(largestDifference(actual.get('bias')!.data, expected.bias)).toBeLessThan(1e-6)
    }
  })

  it('names slots by parameter, and keeps none that are not needed', () => {
    expect(Object.keys(slotState(sgd({ momentum: 0.9 }), parameters))).toEqual([
      'optimizer.momentum.weight',
      'optimizer.momentum.bias',
    ])
    expect(slotState(sgd(), parameters)).toEqual({})
  })

  it('names what is wrong with an option', () => {
    expect(() => sgd({ nesterov: true })).toThrow('nesterov must be used with a momentum and no dampening')
    expect(() => sgd({ learningRate: -1 })).toThrow('learningRate must be a number of at least 0, got -1')
    expect(() => adam({ betas: [0.9, 1] })).toThrow('betas[1] must be in [0, 1), got 1')
    expect(() => rmsprop({ weightDecay: Number.NaN })).toThrow(
      'weightDecay must be a number of at least 0, got NaN',
    )
  })
})

describe('clipGradients', () => {
  const slopes = [vector(weight, [classes, features]), vector(bias)]

  it.each(torch.clipping)('$options is PyTorch’s', ({ options, ...expected }) => {
    const [w, b] = evaluate(clipGradients(slopes, options))
    expect(largestDifference(w!, expected.weight)).toBeLessThan(1e-6)
    expect(largestDifference(b!, expected.bias)).toBeLessThan(1e-6)
  })

  it('leaves gradients alone when nothing is asked', () => {
    expect(clipGradients(slopes)).toBe(slopes)
  })
})
