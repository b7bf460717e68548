import { describe, expect, it } from 'vitest'
import * as g from '../index.js'
import { uniform } from '../reference/random.js'
import { evaluate } from '../reference.js'

const image = g.input('image', [2, 6, 6, 4])

function conv(scope: string, x: g.SymbolicTensor, filters: number, options: g.Conv2dOptions = {}) {
  const channels = x.shape.at(-1) as number
  return g.conv2d(x, g.state(`${scope}.weight`, [filters, channels / (options.groups ?? 1), 3, 3]), options)
}

// An epsilon that float32 holds exactly: folding makes a float32 constant of it.
function norm(scope: string, x: g.SymbolicTensor, epsilon = 2 ** -10) {
  const vector = (name: string) => g.state(`${scope}.${name}`, [x.shape.at(-1) as number])
  return g.batchNormInfer(
    x,
    vector('weight'),
    vector('bias'),
    vector('running_mean'),
    vector('running_var'),
    epsilon,
  )
}

const opsOf = (tensors: readonly g.SymbolicTensor[]) => g.topologicalOrder(tensors).map(({ op }) => op)

/** Values for every source that the tensors depend on. */
function draw(tensors: readonly g.SymbolicTensor[]) {
  const next = uniform(3, 0.2, 2)
  const values = { inputs: {} as Record<string, number[]>, state: {} as Record<string, number[]> }
  for (const node of g.topologicalOrder(tensors)) {
    if (node.op !== 'input' && node.op !== 'state') continue
    const data = Array.from({ length: g.sizeOf(node.outputs[0]?.shape ?? []) }, next)
    values[node.op === 'input' ? 'inputs' : 'state'][node.attributes.name] = data
  }
  return values
}

function expectSameValues(before: readonly g.SymbolicTensor[], after: readonly g.SymbolicTensor[]) {
  const values = draw(before)
  const [expected, actual] = [evaluate(before, values), evaluate(after, values)]
  for (const [i, data] of expected.entries()) {
    const scale = Math.max(...data.map(Math.abs))
    expect(Math.max(...data.map((value, j) => Math.abs(value - actual[i]![j]!)))).toBeLessThan(1e-12 * scale)
  }
}

describe('foldBatchNorm', () => {
  const residual = (x: g.SymbolicTensor) => {
    const inner = g.relu(norm('bn1', conv('conv1', x, 8, { strides: 2, padding: 1 })))
    const depthwise = norm('bn2', conv('conv2', inner, 8, { groups: 8, padding: [1, 1, 2, 0] }), 2 ** -17)
    return g.add(depthwise, norm('down.1', conv('down.0', x, 8, { strides: 2, padding: 1, groups: 2 })))
  }

  it('gives the same values without batch normalisation', () => {
    const logits = g.dense(g.globalAveragePool(residual(image)), g.state('fc.weight', [3, 8]))
    const folded = g.foldBatchNorm([logits])
    expect(opsOf(folded)).not.toContain('batchNormInfer')
    expect(opsOf(folded).filter((op) => op === 'conv2d')).toHaveLength(3)
    expectSameValues([logits], folded)
    expect(g.macs(folded)).toBe(g.macs([logits]))
  })

  it('folds a chain in which each convolution reads a folded one', () => {
    const y = norm('bn2', conv('conv2', norm('bn1', conv('conv1', image, 5)), 2))
    const folded = g.foldBatchNorm([y])
    expect(opsOf(folded)).not.toContain('batchNormInfer')
    expectSameValues([y], folded)
  })

  it('leaves the convolution in its scope', () => {
    const [folded] = g.foldBatchNorm([norm('layer1.bn1', conv('layer1.conv1', image, 2))])
    const convolution = g.topologicalOrder([folded!]).find(({ op }) => op === 'conv2d')
    expect(convolution?.scope).toBe('layer1.conv1')
  })

  it('leaves a convolution with another user, or one that is asked for', () => {
    const shared = conv('conv1', image, 2)
    const y = g.add(norm('bn1', shared), shared)
    expect(g.foldBatchNorm([y])).toEqual([y])
    const normalized = norm('bn1', shared)
    expect(g.foldBatchNorm([normalized, shared])).toEqual([normalized, shared])
    const twice = g.add(norm('bn1', shared), norm('bn2', shared))
    expect(opsOf(g.foldBatchNorm([twice])).filter((op) => op === 'batchNormInfer')).toHaveLength(2)
  })

  it('leaves normalisation that does not follow a convolution, or that trains', () => {
    const y = norm('bn1', g.relu(conv('conv1', image, 2)))
    expect(g.foldBatchNorm([y])[0]).toBe(y)
    const trained = g.batchNormTrain(
      conv('conv1', image, 2),
      g.state('bn.weight', [2]),
      g.state('bn.bias', [2]),
    ).y
    expect(g.foldBatchNorm([trained])[0]).toBe(trained)
  })
})
