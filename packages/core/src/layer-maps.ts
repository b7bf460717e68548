import { type SymbolicTensor, topologicalOrder } from '@convkit/graph'
import type { Trace } from './trace.js'

/**
 * The maps `[n, h, w, c]` of a network by name, in the order in which they are computed: what each layer with parameters
 * gives (`layer1.0.conv1`, as the PyTorch module of that name does), and its stages, which come first where a name is both.
 */
export function layerMaps({
  logits,
  features,
}: Pick<Trace, 'logits' | 'features'>): Map<string, SymbolicTensor> {
  const stages = new Map([...features].map(([name, tensor]) => [tensor, name]))
  const maps = new Map<string, SymbolicTensor>()
  const add = (name: string, tensor: SymbolicTensor) => {
    // a layer's bias is added after its filter
    maps.delete(name)
    maps.set(name, tensor)
  }
  for (const { scope, inputs, outputs } of topologicalOrder([logits])) {
    const [tensor] = outputs
    if (tensor?.shape.length !== 4) continue
    const hasParameters = inputs.some(({ node }) => node.op === 'state')
    if (hasParameters && !features.has(scope)) add(scope, tensor)
    const stage = stages.get(tensor)
    if (stage !== undefined) add(stage, tensor)
  }
  return maps
}
