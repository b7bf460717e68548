import type { InceptionResNetV2Config } from './inception-resnet-v2.js'
import * as resnetV2 from './inception-resnet-v2-modules.js'
import type { InceptionV3Config } from './inception-v3.js'
import * as v3 from './inception-v3-modules.js'
import type { InceptionV4Config } from './inception-v4.js'
import * as v4 from './inception-v4-modules.js'

/** Table 1 of Szegedy et al. 2016, in the form that the authors published weights for. */
export const inceptionV3Variants: Record<'inception_v3', InceptionV3Config> = {
  inception_v3: {
    stages: [
      { Mixed_5b: v3.inceptionA(32), Mixed_5c: v3.inceptionA(64), Mixed_5d: v3.inceptionA(64) },
      {
        Mixed_6a: v3.reductionA,
        Mixed_6b: v3.inceptionB(128),
        Mixed_6c: v3.inceptionB(160),
        Mixed_6d: v3.inceptionB(160),
        Mixed_6e: v3.inceptionB(192),
      },
      { Mixed_7a: v3.reductionB, Mixed_7b: v3.inceptionC, Mixed_7c: v3.inceptionC },
    ],
  },
}

const times = <T>(count: number, module: T): T[] => new Array<T>(count).fill(module)

/** Figure 9 of Szegedy et al. 2017. */
export const inceptionV4Variants = {
  inception_v4: {
    stages: [
      [v4.mixed3a],
      [v4.mixed4a, v4.mixed5a, ...times(4, v4.inceptionA)],
      [v4.reductionA, ...times(7, v4.inceptionB)],
      [v4.reductionB, ...times(3, v4.inceptionC)],
    ],
  },
} satisfies Record<string, InceptionV4Config>

/** Figure 15 of the same. */
export const inceptionResNetV2Variants = {
  inception_resnet_v2: {
    stages: [
      { entry: resnetV2.mixed5b, residual: resnetV2.block35, depth: 10, scale: 0.17 },
      { entry: resnetV2.mixed6a, residual: resnetV2.block17, depth: 20, scale: 0.1 },
      { entry: resnetV2.mixed7a, residual: resnetV2.block8, depth: 9, scale: 0.2 },
    ],
    filters: 1536,
  },
} satisfies Record<string, InceptionResNetV2Config>
