import { describe, expect, it } from 'vitest'
import { convkit } from './testing/test-host.js'

const small = ['lenet5', '--size', '28', '--batch-size', '2', '--steps', '2']

describe('convkit benchmark', () => {
  it('measures training, predicting and one image', async () => {
    const { code, stdout } = await convkit('benchmark', ...small, '--json')
    const { engine, model, batchSize, train, predict, latency } = JSON.parse(stdout)
    expect({ code, engine, model, batchSize }).toEqual({
      code: 0,
      engine: 'reference',
      model: 'lenet5',
      batchSize: 2,
    })
    for (const { imagesPerSecond, millisecondsPerStep } of [train, predict])
      expect(imagesPerSecond * millisecondsPerStep).toBeCloseTo(2000, 6)
    expect(latency.p95).toBeGreaterThanOrEqual(latency.milliseconds)
    expect(latency.milliseconds).toBeGreaterThan(0)
  })

  it('measures one of them, and prints it', async () => {
    const { stdout } = await convkit('benchmark', ...small, '--only', 'train', '--quiet')
    expect(stdout).toMatch(/^ +images\/s +ms +ms, 95 %\ntrain +[\d.]+ +[\d.]+ +[\d.]+\n$/)
  })

  it('refuses what it cannot do', async () => {
    expect(await convkit('benchmark', ...small.slice(0, -1), '0')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--steps must be at least 1, got 0'),
    })
    expect(await convkit('benchmark', 'lenet', '--steps', '1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("There is no model 'lenet' (nearest: lenet5"),
    })
  })
})
