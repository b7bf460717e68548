// #region summary
import { createRegistry, traceVariant } from '@convkit/core'
import { layers, macs } from '@convkit/graph'
import zoo from '@convkit/zoo'

const registry = createRegistry(zoo)
const trace = traceVariant(registry.model('resnet50'), {
  registry,
  batchSize: 1,
  mode: 'infer',
})
for (const { scope, op, shape, receptiveField } of layers([trace.logits])) {
  console.log(scope, op, shape, receptiveField?.size)
}
console.log(macs([trace.logits])) // 4089184256
// #endregion summary
