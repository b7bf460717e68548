// #region sample
import {
  basicBlock,
  classifier,
  convNormAct,
  densenetLayer,
  highwayConv,
} from '@convkit/blocks'
import { defineArchitecture, definePlugin } from '@convkit/core'
import { concat } from '@convkit/graph'

export const three = defineArchitecture({
  name: 'three-connections',
  variants: { three_16: { width: 16 } },
  classifier: 'fc',
  build(net, image, { width }: { width: number }) {
    const x = convNormAct(net.scope('stem'), image, {
      filters: width,
      kernelSize: 3,
      strides: 2,
    })
    // x + F(x)
    const residual = basicBlock(net.scope('residual'), x, { filters: width })
    // T(x) · H(x) + (1 − T(x)) · x
    const highway = highwayConv(net.scope('highway'), residual)
    const added = densenetLayer(net.scope('dense'), highway, { growthRate: 8 })
    // [x, F(x)]: 16 + 8 channels
    return classifier(net, concat([highway, added]))
  },
})
export default definePlugin({
  name: 'three-connections',
  architectures: [three],
})
// #endregion sample
