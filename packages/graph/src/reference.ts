// The reference evaluator: what every op means, in plain float64 loops, and gradient checks against it.
export { checkGradient, type GradientCheckOptions } from './reference/check-gradient.js'
export { evaluate, type Values } from './reference/evaluate.js'
export { runSignature, type SignatureResult } from './reference/run-signature.js'
