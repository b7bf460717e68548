import type { Agreement } from './check/compare.js'
import type { ScalingAgreement } from './check/compare-scaling.js'

/** What was written, and how far it agrees with its model. */
export interface ExportResult extends Agreement {
  readonly path: string
  readonly bytes: number
  /** Of a quantized model, what it would take in float32. */
  readonly floatBytes?: number
  /** Of a model that takes images of any size. */
  readonly scaling?: ScalingAgreement
}
