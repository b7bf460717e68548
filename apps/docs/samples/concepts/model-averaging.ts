// #region ensemble
import {
  createModel,
  createRegistry,
  ensemble,
  type Pixels,
} from '@convkit/core'
import onnx from '@convkit/engine-onnx'
import zoo from '@convkit/zoo'

const registry = createRegistry(zoo, onnx)
const members = await Promise.all(
  [1, 2, 3].map((seed) =>
    createModel('lenet5', {
      registry,
      engine: 'onnx',
      classes: ['no', 'yes'],
      seed,
    }),
  ),
)
const committee = ensemble(members, { average: 'mean' })

const image: Pixels = {
  height: 28,
  width: 28,
  channels: 1,
  data: new Uint8Array(28 * 28).fill(90),
}
export const [best] = await committee.predict(image, { top: 1 })
// #endregion ensemble
export const alone = await Promise.all(
  members.map((member) => member.infer([image])),
)
for (const member of members) await member.dispose()
