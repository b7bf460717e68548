/**
 * How files are opened in ONNX Runtime: it speaks of errors alone, and computes in 8 bits as other processors do where one
 * without VNNI would let sums of products saturate.
 */
export const sessionOptions = {
  executionProviders: ['cpu'],
  logSeverityLevel: 3,
  extra: { session: { x64quantprecision: '1' } },
} as const
