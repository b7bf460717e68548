import { convolutionLowerings } from './convolution.js'
import { elementwiseLowerings } from './elementwise.js'
import type { Lowerings } from './lowering.js'
import { normalizationLowerings } from './normalization.js'
import { poolingLowerings } from './pooling.js'
import { reductionLowerings } from './reduction.js'
import { shapeLowerings } from './shape.js'
import { sourceLowerings } from './sources.js'

/** How each op becomes TensorFlow ops; the type makes the compiler find an op without a lowering. */
export const lowerings: Lowerings = {
  ...sourceLowerings,
  ...elementwiseLowerings,
  ...reductionLowerings,
  ...convolutionLowerings,
  ...poolingLowerings,
  ...normalizationLowerings,
  ...shapeLowerings,
}
