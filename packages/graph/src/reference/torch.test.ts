import { describe, expect, it } from 'vitest'
import { gradients } from '../gradients/gradients.js'
import * as graph from '../index.js'
import type { SymbolicTensor } from '../tensor.js'
import { evaluate } from './evaluate.js'
import cases from './fixtures/torch.json' with { type: 'json' }

type Case = (typeof cases)[number]
type Values = Case['dy']

const builders = new Map<string, unknown>(Object.entries(graph))

describe('against PyTorch in float64 (tools/fixtures/graph.py)', () => {
  it.each(cases.map((fixture) => [describeCase(fixture), fixture] as const))('%s', (_, fixture) => {
    const inputs = fixture.inputs.map(({ shape }, i) => graph.input(`${i}`, shape))
    const dy = graph.input('dy', fixture.dy.shape)
    const outputs = build(fixture, inputs)
    const built = gradients(graph.sum(graph.multiply(outputs[0]!, dy)), inputs)
    const feeds = {
      ...Object.fromEntries(fixture.inputs.map(({ data }, i) => [i, data])),
      dy: fixture.dy.data,
    }

    const values = evaluate([...outputs, ...built], { inputs: feeds })
    expect(outputs.map(({ shape }) => shape)).toEqual(fixture.outputs.map(({ shape }) => shape))
    expectClose(values.slice(0, outputs.length), fixture.outputs, 1e-12)
    // Gradients are ops with float32 constants, such as 2/√π.
    expectClose(values.slice(outputs.length), fixture.gradients, 1e-7)
  })
})

function describeCase({ op, options }: Case): string {
  return `${op} ${JSON.stringify(options)}`
}

/** Applies the op of a case as the builders of the package's index do. */
function build({ op, options }: Case, inputs: SymbolicTensor[]): SymbolicTensor[] {
  const { epsilon } = options as { epsilon?: number }
  const builder = builders.get(op) as (...args: unknown[]) => SymbolicTensor
  switch (op) {
    case 'batchNormTrain':
      return Object.values(builder(...inputs, epsilon))
    case 'batchNormInfer':
    case 'layerNorm':
      return [builder(...inputs, epsilon)]
    case 'resizeBilinear': {
      const { size, coordinates } = options as { size: number[]; coordinates: string }
      return [builder(...inputs, size, coordinates)]
    }
    default:
      return [builder(...inputs, options)]
  }
}

function expectClose(actual: Float64Array[], expected: Values[], tolerance: number): void {
  expect(actual).toHaveLength(expected.length)
  for (const [i, { data }] of expected.entries()) {
    const scale = Math.max(...data.map(Math.abs))
    const worst = Math.max(...data.map((value, j) => Math.abs(value - (actual[i]?.[j] ?? Number.NaN))))
    expect(worst / scale, `tensor ${i}`).toBeLessThan(tolerance)
  }
}
