import { convolutionKernels } from './convolution.js'
import { elementwiseKernels } from './elementwise.js'
import type { Kernels } from './kernel.js'
import { normalizationKernels } from './normalization.js'
import { poolingKernels } from './pooling.js'
import { reductionKernels } from './reduction.js'
import { resizeKernels } from './resize.js'
import { shapeKernels } from './shape.js'
import { sourceKernels } from './sources.js'

/** What each op computes; the type makes the compiler find an op without a kernel. */
export const kernels: Kernels = {
  ...sourceKernels,
  ...elementwiseKernels,
  ...reductionKernels,
  ...convolutionKernels,
  ...poolingKernels,
  ...normalizationKernels,
  ...shapeKernels,
  ...resizeKernels,
}
