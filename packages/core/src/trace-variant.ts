import { defaultClasses, resolvePreprocessing } from './model-options.js'
import type { Preprocessing } from './preprocessing.js'
import { defaultRegistry, type Registry, type Variant } from './registry.js'
import { type Trace, type TraceOptions, trace } from './trace.js'

export interface TraceVariantOptions
  extends Pick<TraceOptions, 'batchSize' | 'mode' | 'isFrozen' | 'slideOver'> {
  /** What the architecture was made for by default. */
  readonly classes?: number | undefined
  /** Values that differ from the variant's. */
  readonly config?: object | undefined
  /** Values that differ from the variant's record. */
  readonly preprocessing?: Partial<Preprocessing> | undefined
  /** Where blocks are looked up. */
  readonly registry?: Pick<Registry, 'block'> | undefined
}

/** The graph of a registered network without weights: for listings, analysis and tests. @throws E_OPTION. */
export function traceVariant(variant: Variant, options: TraceVariantOptions): Trace {
  const {
    classes = defaultClasses(variant),
    config,
    preprocessing,
    registry = defaultRegistry(),
    ...others
  } = options
  return trace({
    architecture: variant.architecture,
    config: { ...variant.config, ...config },
    preprocessing: resolvePreprocessing(variant, preprocessing),
    classes,
    block: registry.block,
    ...others,
  })
}
