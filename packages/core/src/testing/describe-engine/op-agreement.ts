import { input, type OpName, type SymbolicTensor, topologicalOrder } from '@convkit/graph'
import { disagreement } from './agreement.js'
import { cases } from './cases.js'
import type { EngineSuite } from './suite.js'

/** Every op of the graph, forward and gradients, beside the reference evaluator. */
export const describeOps: EngineSuite = (engine, { describe, expect, it }) => {
  describe.each(Object.entries(cases))('%s', (op, graphs) => {
    const tolerance = op.endsWith('Gradient') ? 1e-3 : 1e-4

    it.each(Object.entries(graphs))('agrees with the reference: %s', async (_, graph) => {
      const tensors = graph.inputs.map((spec, i) =>
        'shape' in spec ? input(`x${i}`, spec.shape, spec.dtype) : input(`x${i}`, spec),
      )
      const built = [graph.build(tensors)].flat() as SymbolicTensor[]
      const ops = topologicalOrder(built).map((node) => node.op)
      if (op !== 'state') expect(ops).toContain(op as OpName)
      expect(await disagreement(engine(), graph), 'with constant weights').toBeLessThan(tolerance)
      expect(await disagreement(engine(), graph, { training: true }), 'in training').toBeLessThan(tolerance)
    })
  })
}
