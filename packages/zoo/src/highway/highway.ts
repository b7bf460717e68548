import { classifier, conv2d, type HighwayConvOptions } from '@convkit/blocks'
import { type ConfigsOf, defineArchitecture } from '@convkit/core'
import { maxPool2d, relu } from '@convkit/graph'
import { cifarPreprocessing } from '../cifar.js'
import { variants } from './variants.js'

declare module '@convkit/core' {
  interface ModelConfigs extends ConfigsOf<typeof highway> {}
}

/** What makes a highway network. */
export interface HighwayConfig extends Pick<HighwayConvOptions, 'activation' | 'gateBias'> {
  /** Filters of each layer of each stage. A layer is a highway where they are its input's, or else a plain convolution. */
  readonly stages: readonly (readonly number[])[]
  /** Registered name of the highway; `highway-conv` by default. */
  readonly block?: 'highway-conv' | (string & {})
  /** Dropout before the classifier; 0 by default. */
  readonly dropRate?: number
  /** Stochastic depth of the last highway; it grows linearly from 0 at the first layer. 0 by default. */
  readonly dropPathRate?: number
}

/**
 * Convolutional highway networks for CIFAR (Srivastava et al. 2015, "Training Very Deep Networks"): layers that learn
 * where to transform their input and where to carry it on; plain ones where the width changes; max-pools between stages.
 */
export const highway = defineArchitecture<HighwayConfig, keyof typeof variants>({
  name: 'highway',
  classes: 10,
  source: 'https://arxiv.org/abs/1507.06228',
  variants,
  preprocessing: cifarPreprocessing,
  firstConvolution: 'stages.0.0',
  classifier: 'fc',
  build(net, image, { stages, block = 'highway-conv', dropRate, dropPathRate = 0, ...options }) {
    const layer = net.block(block)
    const depth = stages.flat().length
    let position = 0
    let x = image
    stages.forEach((widths, stage) => {
      const scope = net.scope(`stages.${stage}`)
      if (stage > 0) x = maxPool2d(x, { size: 2 })
      widths.forEach((filters, index) => {
        const rate = (dropPathRate * position++) / Math.max(1, depth - 1)
        x =
          x.shape.at(-1) === filters
            ? layer(scope.scope(index), x, { ...options, dropPathRate: rate } satisfies HighwayConvOptions)
            : relu(conv2d(scope.scope(index), x, { filters, kernelSize: 3, bias: true }))
      })
      net.feature(scope.path, x)
    })
    return classifier(net, x, { dropRate })
  },
})
