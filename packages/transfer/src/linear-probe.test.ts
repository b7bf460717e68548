import { random } from '@convkit/core'
import { referenceEngine } from '@convkit/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crossValidate } from './cross-validate.js'
import { minimize } from './lbfgs.js'
import { linearProbe } from './linear-probe.js'

const engine = referenceEngine()

/** Points around three corners, one of the features on another scale, and one without meaning. */
function corners(count: number, spread: number, seed = 1) {
  const stream = random(seed, 'corners')
  const labels = Array.from({ length: count }, (_, i) => i % 3)
  const data = new Float32Array(count * 3)
  labels.forEach((label, row) => {
    const noise = (at: number) => spread * (stream.uniform(3 * row + at) - 0.5)
    data.set([100 * (Number(label === 1) + noise(0)), Number(label === 2) + noise(1), noise(2)], 3 * row)
  })
  return { data, width: 3, labels }
}

describe('linearProbe', () => {
  it('tells classes apart that a plane divides, whatever their scale', async () => {
    const features = corners(30, 0.5)
    const probe = await linearProbe(engine, features, { classes: 3, l2: 1e-3 })
    const logits = probe.logits(features.data)
    const right = features.labels.filter((label, row) => {
      const own = [...logits.subarray(3 * row, 3 * row + 3)]
      return own.indexOf(Math.max(...own)) === label
    })
    expect(right).toHaveLength(30)
  })

  it('is where the penalised loss has no slope', async () => {
    const { data, width, labels } = corners(12, 2)
    const l2 = 0.1
    const { weight } = await linearProbe(engine, { data, width, labels }, { classes: 3, l2 })
    // Over standardised features: the loss changes by 0 to first order whichever weight is moved.
    const columns = Array.from({ length: width }, (_, at) =>
      labels.map((_, row) => data[row * width + at] as number),
    )
    const deviations = columns.map((values) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
    })
    const sums = Array.from({ length: width }, (_, at) =>
      [0, 1, 2].reduce((sum, k) => sum + (weight[k * width + at] as number) * (deviations[at] as number), 0),
    )
    // The slope of the likelihood sums to 0 over classes, so that of the penalty does as well.
    for (const sum of sums) expect(Math.abs(sum)).toBeLessThan(0.02)
  })

  it('names what does not fit', async () => {
    const asked = linearProbe(engine, { data: new Float32Array(5), width: 2, labels: [0, 1] }, { classes: 2 })
    await expect(asked).rejects.toThrow('5 values are not 2 features of each of 2 images')
  })
})

describe('crossValidate', () => {
  it('scores what can be told near 1, and what cannot near chance', async () => {
    expect((await crossValidate(engine, corners(48, 0.4), { classes: 3 })).top1).toBe(1)
    const { data, width, labels } = corners(48, 0.4)
    const mixed = labels.map((_, i) => Math.floor(i / 16))
    const chance = await crossValidate(engine, { data, width, labels: mixed }, { classes: 3 })
    expect(chance.top1).toBeLessThan(0.6)
    expect(chance.loss).toBeGreaterThan(0.9)
  }, 60_000)
})

describe('minimize', () => {
  it('finds the bottom of any bowl', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.double({ min: -5, max: 5, noNaN: true }),
            fc.double({ min: 0.1, max: 20, noNaN: true }),
          ),
          {
            minLength: 1,
            maxLength: 6,
          },
        ),
        async (bowl) => {
          const slopeAt = async (point: Float64Array) => ({
            value: bowl.reduce(
              (sum, [at, steep], i) => sum + (steep * ((point[i] as number) - at) ** 2) / 2,
              0,
            ),
            gradient: Float64Array.from(bowl, ([at, steep], i) => steep * ((point[i] as number) - at)),
          })
          const found = await minimize(slopeAt, new Float64Array(bowl.length), {
            tolerance: 1e-6,
            steps: 200,
          })
          bowl.forEach(([at], i) => {
            expect(Math.abs((found[i] as number) - at)).toBeLessThan(1e-3)
          })
        },
      ),
    )
  })
})
