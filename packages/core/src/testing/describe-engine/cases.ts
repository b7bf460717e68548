import type { OpName } from '@convkit/graph'
import { convolutionCases } from './cases/convolution.js'
import { elementwiseCases } from './cases/elementwise.js'
import { normalizationCases } from './cases/normalization.js'
import { poolingCases } from './cases/pooling.js'
import { reductionCases } from './cases/reduction.js'
import { shapeCases } from './cases/shape.js'
import type { Cases } from './cases/shared.js'
import { sourceCases } from './cases/sources.js'

/** For each op, graphs that hold it. The type makes the compiler find an op without one. */
export const cases: { readonly [K in OpName]: Cases } = {
  ...sourceCases,
  ...elementwiseCases,
  ...reductionCases,
  ...convolutionCases,
  ...poolingCases,
  ...normalizationCases,
  ...shapeCases,
}
