import { random, type Trace } from '@convkit/core'
import { sizeOf } from '@convkit/graph'
import timm from '../fixtures/timm.json' with { type: 'json' }
import torchvision from '../fixtures/torchvision.json' with { type: 'json' }
import { traceModel } from './trace-model.js'

/** Mean, standard deviation, and the largest magnitude in standard deviations. */
type Statistics = readonly [mean: number, std: number, peak: number]

/** What tools/fixtures/zoo/states.py has of peers' first values, by model for 100 classes and by parameter. */
const expected = { ...timm.initial, ...torchvision.initial } as Readonly<
  Record<string, Readonly<Record<string, number[]>>>
>

/** Models whose peers' first values are known. */
export const modelsWithInitialWeights = Object.keys(expected)

/**
 * Draws a model's parameters of `least` to `most` values, as they are before training.
 *
 * @returns those whose distribution is not the peer's, and why, and how many were compared.
 */
export function initialDifferences(
  name: string,
  { least = 0, most = Number.POSITIVE_INFINITY }: { readonly least?: number; readonly most?: number },
): { readonly compared: number; readonly differences: readonly string[] } {
  // With the auxiliary heads, which exist in training only.
  const { state } = traceModel(name, { classes: 100, mode: 'train', batchSize: 2 })
  const tensors = parameters(state).filter(([, size]) => size >= least && size <= most)
  const differences = tensors.flatMap(([key]) => {
    const peer = expected[name]?.[key] as Statistics | undefined
    const problem = peer ? problemOf(state, key, peer) : 'the peer has no such parameter'
    return problem ? [`${key}: ${problem}`] : []
  })
  return { compared: tensors.length, differences }
}

function parameters(state: Trace['state']): [key: string, size: number][] {
  const entries = [...state].filter(([, { kind }]) => kind === 'parameter')
  return entries.map(([key, { tensor }]) => [key, sizeOf(tensor.shape)])
}

function problemOf(state: Trace['state'], key: string, [mean, std, peak]: Statistics): string | undefined {
  const { tensor, initializer } = state.get(key) as NonNullable<ReturnType<typeof state.get>>
  const [ourMean, ourStd, ourPeak] = statistics(initializer(tensor.shape, random(0, key)))
  const problem = `mean ${ourMean} and deviation ${ourStd} instead of ${mean} and ${std}`
  if (std === 0) {
    // The fixture's numbers have four digits.
    const isEqual = Math.abs(ourMean - mean) <= 1e-4 * Math.abs(mean) && ourStd <= 1e-6 * Math.abs(mean)
    return isEqual ? undefined : problem
  }
  // Both are samples of n values: five standard errors of the difference, and the fixture's rounding.
  const tolerance = 5 / Math.sqrt(sizeOf(tensor.shape)) + 5e-4
  if (!(Math.abs(ourStd / std - 1) < tolerance)) return problem
  if (!(Math.abs(ourMean - mean) / std < tolerance * Math.SQRT2)) return problem
  // A uniform distribution ends at √3 standard deviations, a normal one goes on.
  return ourPeak > 2 === peak > 2 ? undefined : `reaches ${ourPeak} instead of ${peak} deviations`
}

function statistics(data: Float32Array): Statistics {
  let [sum, largest] = [0, 0]
  for (const value of data) {
    sum += value
    largest = Math.max(largest, Math.abs(value))
  }
  const mean = sum / data.length
  let squares = 0
  for (const value of data) squares += (value - mean) ** 2
  const std = Math.sqrt(squares / data.length)
  return [mean, std, std > 0 ? largest / std : 0]
}
