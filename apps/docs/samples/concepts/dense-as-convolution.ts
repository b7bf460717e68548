// #region sample
import {
  createModel,
  createRegistry,
  type Pixels,
  toFullyConvolutional,
} from '@convkit/core'
import onnx from '@convkit/engine-onnx'
import zoo from '@convkit/zoo'

const registry = createRegistry(zoo, onnx)
const model = await createModel('lenet5', {
  registry,
  engine: 'onnx',
  classes: 10,
})
const sliding = toFullyConvolutional(model, { shorterSide: null })

const blank = (side: number): Pixels => ({
  height: side,
  width: side,
  channels: 1,
  data: new Uint8Array(side * side),
})
// 1 × 1 × 10: the model's own logits
export const atInputSize = await sliding.scoreMap(blank(28))
// 7 × 7 × 10: a score at each position
export const onLarger = await sliding.scoreMap(blank(56))
export const itsOwn = await model.infer([blank(28)])
// #endregion sample
await sliding.dispose()
await model.dispose()
