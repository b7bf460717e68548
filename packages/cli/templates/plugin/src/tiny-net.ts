import { classifier, convNormAct } from '@convkit/blocks'
import { type ConfigsOf, defineArchitecture } from '@convkit/core'

// With this line `createModel('tiny_net_16', { config: { width: 24 } })` compiles, and a wrong name or key does not.
declare module '@convkit/core' {
  interface ModelConfigs extends ConfigsOf<typeof tinyNet> {}
}

/** What makes a TinyNet. */
export interface TinyNetConfig {
  /** Channels after the stem; each stage has twice as many as the one before it. */
  readonly width: number
  /** Stages after the stem, each of half the size; 3 by default. */
  readonly stages?: number
  /** Dropout before the classifier; 0 by default. */
  readonly dropRate?: number
}

const variants = {
  tiny_net_16: { width: 16 },
  tiny_net_32: { width: 32 },
} satisfies Record<string, TinyNetConfig>

/** Convolutions of stride 2, batch-norm and ReLU, and a classifier: a beginning for a network of your own. */
export const tinyNet = defineArchitecture<TinyNetConfig, keyof typeof variants>({
  name: 'tiny_net',
  variants,
  firstConvolution: 'stem.conv',
  classifier: 'head.fc',
  build(net, image, { width, stages = 3, dropRate }) {
    let x = convNormAct(net.scope('stem'), image, { filters: width, kernelSize: 3, strides: 2 }) // [n, h/2, w/2, width]
    for (let stage = 1; stage <= stages; stage++) {
      const filters = width * 2 ** stage
      x = convNormAct(net.scope(`stage${stage}`), x, { filters, kernelSize: 3, strides: 2 })
      x = net.feature(`stage${stage}`, x)
    }
    return classifier(net.scope('head'), x, { dropRate })
  },
})
