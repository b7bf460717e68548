import type { VggConfig } from './vgg.js'

const depths = {
  vgg11: [1, 1, 2, 2, 2],
  vgg13: [2, 2, 2, 2, 2],
  vgg16: [2, 2, 3, 3, 3],
  vgg19: [2, 2, 4, 4, 4],
}

/** Configurations A, B, D and E of Simonyan and Zisserman 2015, and each with batch-norm. */
export const variants = {
  vgg11: { layers: depths.vgg11 },
  vgg13: { layers: depths.vgg13 },
  vgg16: { layers: depths.vgg16 },
  vgg19: { layers: depths.vgg19 },
  vgg11_bn: { layers: depths.vgg11, norm: true },
  vgg13_bn: { layers: depths.vgg13, norm: true },
  vgg16_bn: { layers: depths.vgg16, norm: true },
  vgg19_bn: { layers: depths.vgg19, norm: true },
} satisfies Record<string, VggConfig>
