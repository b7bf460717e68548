import type { Schedule } from '@convkit/core'
import { describe, expect, it } from 'vitest'
import { constant, cosine, multiStep, oneCycle, polynomial, step } from './schedules.js'

/** Multipliers of a training of 4 epochs of 5 steps. */
const values = (schedule: Schedule) =>
  Array.from({ length: 20 }, (_, index) => schedule({ step: index, steps: 20, stepsPerEpoch: 5 }))

describe('schedules', () => {
  it('constant', () => {
    expect(values(constant())).toEqual(new Array(20).fill(1))
  })

  it('step drops at the first step of an epoch', () => {
    const all = values(step({ every: 2, gamma: 0.5 }))
    expect(all.slice(0, 10)).toEqual(new Array(10).fill(1))
    expect(all.slice(10)).toEqual(new Array(10).fill(0.5))
  })

  it('multiStep', () => {
    const all = values(multiStep({ milestones: [1, 3], gamma: 0.1 }))
    expect([all[4], all[5], all[14], all[15]]).toEqual([1, 0.1, 0.1, 0.1 ** 2])
  })

  it('cosine begins full, is half in the middle and heads for its end', () => {
    const all = values(cosine({ final: 0.2 }))
    expect(all[0]).toBe(1)
    expect(all[10]).toBeCloseTo(0.6, 12)
    expect(all[19]).toBeCloseTo(0.2 + 0.4 * (1 + Math.cos((Math.PI * 19) / 20)), 12)
  })

  it('polynomial', () => {
    expect(values(polynomial())[5]).toBeCloseTo(0.75, 12)
    expect(values(polynomial({ power: 2, final: 0.5 }))[10]).toBeCloseTo(0.5 + 0.5 * 0.25, 12)
  })

  it('oneCycle has fastai’s defaults', () => {
    const all = values(oneCycle())
    expect(all[0]).toBeCloseTo(0.04, 12)
    expect(all[5]).toBe(1)
    expect(all[2]).toBeCloseTo(0.04 + (0.96 * (1 - Math.cos(Math.PI * 0.4))) / 2, 12)
    expect(all[15]).toBeCloseTo(1 + ((1e-5 - 1) * (1 - Math.cos((Math.PI * 2) / 3))) / 2, 12)
    expect(Math.max(...all)).toBe(1)
  })

  it('warms up in equal steps, then runs its course over the rest', () => {
    const all = values(cosine({ warmup: { epochs: 1 } }))
    expect(all.slice(0, 5)).toEqual([0.2, 0.4, 0.6, 0.8, 1])
    expect(all[5]).toBe(1)
    expect(all[6]).toBeCloseTo((1 + Math.cos(Math.PI / 15)) / 2, 12)
    expect(values(constant({ warmup: { steps: 2 } })).slice(0, 3)).toEqual([0.5, 1, 1])
  })

  it('oneCycle rises for as long as its warm-up says', () => {
    const all = values(oneCycle({ warmup: { epochs: 2 } }))
    expect(all[0]).toBeCloseTo(0.04, 12)
    expect(all[5]).toBeCloseTo(0.52, 12)
    expect(all[10]).toBe(1)
    expect(all[15]).toBeCloseTo((1 + 1e-5) / 2, 12)
    expect(all.slice(0, 19)).not.toContain(Number.NaN)
    expect(values(oneCycle({ warmup: { epochs: 99 } })).at(-1)).toBeLessThan(1)
  })

  it('may warm up during the whole training', () => {
    expect(values(cosine({ warmup: { epochs: 99 } }))[19]).toBe(1)
  })

  it('names what is wrong with an option', () => {
    expect(() => step({ every: 0 })).toThrow('every must be a whole number of at least 1, got 0')
    expect(() => oneCycle({ pctStart: 1 })).toThrow('pctStart must be in (0, 1), got 1')
    expect(() => constant({ warmup: { steps: -1 } })).toThrow('warmup must be a number of at least 0, got -1')
  })
})
