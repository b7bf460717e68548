// #region plugin
import { classifier, convNormAct } from '@convkit/blocks'
import { defineArchitecture, definePlugin } from '@convkit/core'

export const tinynet = defineArchitecture({
  name: 'tinynet',
  variants: { tinynet_8: { width: 8 }, tinynet_16: { width: 16 } },
  classifier: 'head.fc',
  build(net, image, { width }: { width: number }) {
    let x = convNormAct(net.scope('stem'), image, {
      filters: width,
      kernelSize: 3,
      strides: 2,
    })
    x = convNormAct(net.scope('body'), x, {
      filters: 2 * width,
      kernelSize: 3,
      strides: 2,
    })
    return classifier(net.scope('head'), x)
  },
})
export default definePlugin({
  name: 'convkit-plugin-tinynet',
  architectures: [tinynet],
})

// #endregion plugin

// #region names
import type { ConfigsOf } from '@convkit/core'

declare module '@convkit/core' {
  interface ModelConfigs extends ConfigsOf<typeof tinynet> {}
}
// #endregion names
