import { gradients, input } from '@convkit/graph'
import { evaluate } from '@convkit/graph/reference'
import { describe, expect, it } from 'vitest'
import { largestDifference, torch } from '../test-support/torch.js'
import { binaryCrossEntropy } from './binary-cross-entropy.js'
import { crossEntropy } from './cross-entropy.js'
import type { Loss } from './loss.js'

const { images, classes, labels, logits } = torch.problem
const { mixed } = torch
const makers = { crossEntropy, binaryCrossEntropy }
const makerOf = (name: string) => makers[name as keyof typeof makers]

/** `[rows, classes]`; zeros where there is no label. */
const oneHots = (rows: readonly number[]) =>
  rows.flatMap((label) => Array.from({ length: classes }, (_, k) => Number(k === label)))

const softTargets = oneHots(labels).map((own, i) => {
  const share = mixed.shares[Math.floor(i / classes)] as number
  return share * own + (1 - share) * (oneHots(mixed.labels)[i] as number)
})

/** The loss and its gradient to the logits; `rows` may exceed the problem's images. */
function run(loss: Loss, rows = images, feeds: Record<string, number[]> = {}, areSoft = false) {
  const symbolic = input('logits', [rows, classes])
  const value = loss.build({
    logits: symbolic,
    targets: input('targets', [rows, classes]),
    areSoft,
    sampleWeights: input('sampleWeights', [rows]),
  })
  const values = { logits, targets: oneHots(labels), sampleWeights: labels.map(() => 1), ...feeds }
  const [result, gradient] = evaluate([value, ...gradients(value, [symbolic])], { inputs: values })
  return { loss: result?.[0] as number, gradient: gradient as Float64Array }
}

describe('losses', () => {
  it.each(torch.losses)('$name $options is PyTorch’s', ({ name, options, loss, gradient }) => {
    const ours = run(makerOf(name)(options))
    expect(Math.abs(ours.loss - loss)).toBeLessThan(1e-6)
    expect(largestDifference(ours.gradient, gradient)).toBeLessThan(1e-6)
  })

  it.each(torch.softLosses)('$name $options of mixed images is PyTorch’s', (made) => {
    const ours = run(makerOf(made.name)(made.options), images, { targets: softTargets }, true)
    expect(Math.abs(ours.loss - made.loss)).toBeLessThan(1e-6)
    expect(largestDifference(ours.gradient, made.gradient)).toBeLessThan(1e-6)
  })

  it.each(torch.severalLosses)('$name $options of several labels is PyTorch’s', (made) => {
    const ours = run(makerOf(made.name)(made.options), images, { targets: torch.several })
    expect(Math.abs(ours.loss - made.loss)).toBeLessThan(1e-6)
    expect(largestDifference(ours.gradient, made.gradient)).toBeLessThan(1e-6)
  })

  it.each(torch.losses)(
    '$name $options leaves out rows without an image',
    ({ name, options, loss, gradient }) => {
      const padded = run(makerOf(name)(options), images + 2, {
        logits: [...logits, 9, -9, 9, 1, 2, 3],
        targets: oneHots([...labels, -1, -1]),
        sampleWeights: [...labels.map(() => 1), 0, 0],
      })
      expect(Math.abs(padded.loss - loss)).toBeLessThan(1e-6)
      expect(largestDifference(padded.gradient, [...gradient, 0, 0, 0, 0, 0, 0])).toBeLessThan(1e-6)
    },
  )

  it('weighs samples: one that counts twice is as two', () => {
    const twice = run(crossEntropy(), images, { sampleWeights: [2, 1, 1, 1, 1] })
    const repeated = run(crossEntropy(), images + 1, {
      logits: [...logits.slice(0, classes), ...logits],
      targets: oneHots([labels[0] as number, ...labels]),
      sampleWeights: [1, 1, 1, 1, 1, 1],
    })
    expect(twice.loss).toBeCloseTo(repeated.loss, 12)
  })

  it('has the right slope where a new head starts, at logits of 0', () => {
    const zeros = logits.map(() => 0)
    const { loss, gradient } = run(binaryCrossEntropy(), images, { logits: zeros })
    expect(loss).toBeCloseTo(Math.log(2), 6)
    const expected = labels.flatMap((label) =>
      Array.from({ length: classes }, (_, k) => (0.5 - (k === label ? 1 : 0)) / images / classes),
    )
    expect(largestDifference(gradient, expected)).toBeLessThan(1e-9)
  })

  it('stays finite at large logits', () => {
    const large = logits.map((_, i) => (i % 2 ? 500 : -500))
    expect(run(binaryCrossEntropy(), images, { logits: large }).loss).toBeGreaterThan(10)
    expect(run(crossEntropy(), images, { logits: large }).gradient.every(Number.isFinite)).toBe(true)
  })

  it('measures evaluation without smoothing and weights', () => {
    const shaped = crossEntropy({ labelSmoothing: 0.1, classWeights: [1, 2, 3] })
    expect(run(shaped.evaluation as Loss).loss).toBe(run(crossEntropy()).loss)
    expect(crossEntropy().evaluation).toBeUndefined()
    expect(run(binaryCrossEntropy({ positiveWeights: [1, 2, 3] }).evaluation as Loss).loss).toBe(
      run(binaryCrossEntropy()).loss,
    )
  })

  it('names what is wrong with an option', () => {
    expect(() => crossEntropy({ labelSmoothing: 1 })).toThrow('labelSmoothing must be in [0, 1), got 1')
    expect(() => binaryCrossEntropy({ labelSmoothing: -1 })).toThrow(
      'labelSmoothing must be in [0, 1), got -1',
    )
    expect(() => binaryCrossEntropy({ targetThreshold: 1 })).toThrow(
      'targetThreshold must be in [0, 1), got 1',
    )
    expect(() => run(crossEntropy({ classWeights: [1, 2] }))).toThrow(
      'classWeights must be 3 numbers of at least 0, one a class, got [1,2]',
    )
    expect(() => run(binaryCrossEntropy({ positiveWeights: [1, -2, 1] }))).toThrow(
      'positiveWeights must be 3 numbers',
    )
  })
})
