import { describe, expect, it } from 'vitest'
import * as g from '../index.js'
import { runSignature } from '../reference.js'

const [w, velocity] = [g.state('w', [2]), g.state('w.momentum', [2])]
const [x, learningRate] = [g.input('x', [2]), g.input('learningRate', [])]
const loss = g.sum(g.multiply(w, x))
const [dw] = g.gradients(loss, [w])
const step = g.add(g.multiply(velocity, 0.5), dw!)
const zeros = () => ({ dtype: 'float32' as const, shape: [2], data: new Float32Array(2) })

const program: g.Program = {
  state: {
    w: { shape: [2], initial: () => ({ dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) }) },
    'w.momentum': { shape: [2], initial: zeros },
  },
  signatures: {
    train: {
      inputs: { x, learningRate },
      outputs: { loss },
      updates: { w: g.subtract(w, g.multiply(step, learningRate)), 'w.momentum': step },
    },
  },
}

describe('runSignature', () => {
  const feeds = { x: [3, 4], learningRate: [0.5] }

  it("starts from the program's state and computes updates from the old one", () => {
    const { outputs, updates } = runSignature(program, 'train', feeds)
    expect([...outputs.loss!]).toEqual([11])
    expect([...updates.w!]).toEqual([-0.5, 0])
    expect([...updates['w.momentum']!]).toEqual([3, 4])
  })

  it('goes on from the updates', () => {
    const { updates } = runSignature(program, 'train', feeds)
    const second = runSignature(program, 'train', feeds, updates)
    expect([...second.outputs.loss!]).toEqual([-1.5])
    expect([...second.updates['w.momentum']!]).toEqual([4.5, 6])
    expect([...second.updates.w!]).toEqual([-2.75, -3])
  })

  it('says which signatures there are', () => {
    expect(() => runSignature(program, 'predict', feeds)).toThrow(/no signature predict; it has train/)
  })
})
