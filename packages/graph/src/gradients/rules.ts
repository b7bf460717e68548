import { activationRules } from './activation.js'
import { arithmeticRules } from './arithmetic.js'
import { convolutionRules } from './convolution.js'
import { normalizationRules } from './normalization.js'
import { poolingRules } from './pooling.js'
import type { GradientRules } from './rule.js'
import { shapeRules } from './shape.js'

/** How a gradient flows back through each op; `undefined` says that it does not. */
export const gradientRules: GradientRules = {
  input: undefined,
  state: undefined,
  constant: undefined,
  ...activationRules,
  ...arithmeticRules,
  ...convolutionRules,
  ...poolingRules,
  ...normalizationRules,
  ...shapeRules,
}
