import { describe, expect, it } from 'vitest'
import { describeShare, wilsonInterval } from './wilson-interval.js'

describe('wilsonInterval', () => {
  it('ends where the share lies 1.96 standard errors away', () => {
    const { low, high } = wilsonInterval(77, 82)
    const errorsAway = (share: number) => (77 / 82 - share) / Math.sqrt((share * (1 - share)) / 82)
    expect(errorsAway(low)).toBeCloseTo(1.959964, 6)
    expect(errorsAway(high)).toBeCloseTo(-1.959964, 6)
  })

  it('stays within 0 and 1 at the ends', () => {
    expect(wilsonInterval(0, 10).low).toBe(0)
    expect(wilsonInterval(0, 10).high).toBeCloseTo(0.2775328, 6)
    expect(wilsonInterval(10, 10).high).toBe(1)
  })

  it('names what does not fit', () => {
    expect(() => wilsonInterval(3, 2)).toThrow('got 3 of 2')
    expect(() => wilsonInterval(0, 0)).toThrow('got 0 of 0')
  })
})

describe('describeShare', () => {
  it('is one line', () => {
    expect(describeShare('top-1', 77, 82)).toBe('top-1 0.939 (95 % interval 0.87–0.97, n = 82)')
  })
})
