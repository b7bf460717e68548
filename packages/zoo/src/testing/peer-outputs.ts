import { readdirSync, readFileSync } from 'node:fs'
import { createRegistry, type Engine, type Feeds, type Shape, traceVariant } from '@convkit/core'
import type { Program, SymbolicTensor } from '@convkit/graph'
import zoo from '../index.js'
import { hashedBytes, hashedPositions, hashedWeights, type Ranges } from './hashed-values.js'

/** What tools/fixtures/zoo/outputs.py shows of a tensor that a peer computed. */
interface ShownTensor {
  readonly shape: Shape
  readonly mean: number
  /** Mean of absolute values. */
  readonly magnitude: number
  /** Largest absolute value. */
  readonly peak: number
  /** Those at {@link hashedPositions}. */
  readonly values: readonly number[]
}

/** One input size. */
interface OutputsCase {
  /** Shape of the images: `[n, h, w, c]` */
  readonly image: readonly [number, number, number, 1 | 3]
  readonly logits: ShownTensor
  readonly features: Readonly<Record<string, ShownTensor>>
}

interface OutputsFixture {
  readonly peer: string
  readonly ranges: Ranges
  readonly cases: readonly [OutputsCase, ...OutputsCase[]]
}

const folder = new URL('../fixtures/outputs/', import.meta.url)

/** Models that a peer has, in alphabetical order. */
export function modelsWithOutputs(): string[] {
  return readdirSync(folder).map((file) => file.replace(/\.json$/, ''))
}

export function readOutputs(name: string): OutputsFixture {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'))
}

/**
 * Runs a model on images of every case's size.
 *
 * @returns what differs from the peer's by more than a ten-thousandth, the first stage first.
 */
export async function differencesFromPeer(
  name: string,
  { ranges, cases }: Pick<OutputsFixture, 'ranges' | 'cases'>,
  engine: Engine,
): Promise<string[]> {
  const program = outputsProgram(name, ranges, cases)
  const session = await engine.load(program)
  const differences: string[] = []
  for (const { image, logits, features } of cases) {
    const data = hashedBytes(
      'image',
      image.reduce((a, b) => a * b),
    )
    const outputs = await session.run(`${image}`, { image: { dtype: 'uint8', shape: image, data } })
    const shown = { ...features, logits }
    const [ours, theirs] = [Object.keys(outputs), Object.keys(shown)]
    if (`${ours}` !== `${theirs}`) differences.push(`${image}: ${ours} instead of ${theirs}`)
    differences.push(...tensorDifferences(outputs, shown).map((text) => `${image}: ${text}`))
  }
  await session.dispose()
  return differences
}

/** A signature for each input size, named by the images' shape. */
function outputsProgram(name: string, ranges: Ranges, cases: readonly OutputsCase[]): Program {
  const registry = createRegistry(zoo)
  const traces = cases.map(({ image: [batchSize, height, width, channels] }) =>
    traceVariant(registry.model(name), {
      registry,
      batchSize,
      mode: 'infer',
      preprocessing: { inputSize: [height, width], channels, mean: halves(channels), std: halves(channels) },
    }),
  )
  const weights = hashedWeights(traces[0]!, ranges)
  const state = [...weights].map(([key, tensor]) => [key, { shape: tensor.shape, initial: () => tensor }])
  const signatures = traces.map(({ image, logits, features }) => {
    const outputs: Record<string, SymbolicTensor> = { ...Object.fromEntries(features), logits }
    return [`${image.shape}`, { inputs: { image }, outputs, updates: {} }]
  })
  return { state: Object.fromEntries(state), signatures: Object.fromEntries(signatures) }
}

const halves = (channels: number) => Array.from({ length: channels }, () => 0.5)

function tensorDifferences(outputs: Feeds, shown: Readonly<Record<string, ShownTensor>>): string[] {
  return Object.entries(shown).flatMap(([key, expected]) => {
    const tensor = outputs[key]
    return tensor?.dtype === 'float32' ? differences(tensor, expected).map((text) => `${key}: ${text}`) : []
  })
}

function differences({ shape, data }: { shape: Shape; data: Float32Array }, expected: ShownTensor): string[] {
  if (`${shape}` !== `${expected.shape}`) return [`shape ${shape} instead of ${expected.shape}`]
  const actual = describe(data, expected.values.length)
  const { magnitude, peak } = expected
  const checks = [
    ['mean', actual.mean, expected.mean, magnitude],
    ['magnitude', actual.magnitude, magnitude, magnitude],
    ['peak', actual.peak, peak, peak],
    ...expected.values.map((value, i) => [`value ${i}`, actual.values[i]!, value, peak] as const),
  ] as const
  return checks
    .filter(([, a, b, scale]) => !(Math.abs(a - b) <= 1e-4 * scale))
    .map(([what, a, b]) => `${what} ${a} instead of ${b}`)
}

function describe(data: Float32Array, limit: number) {
  let [sum, magnitude, peak] = [0, 0, 0]
  for (const value of data) {
    sum += value
    magnitude += Math.abs(value)
    peak = Math.max(peak, Math.abs(value))
  }
  const values = hashedPositions(data.length, limit).map((position) => data[position]!)
  return { mean: sum / data.length, magnitude: magnitude / data.length, peak, values }
}
