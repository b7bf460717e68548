import type { Initializer, Scope } from '@convkit/core'
import type { SymbolicTensor } from '@convkit/graph'
import { dense } from './dense.js'
import { dropout } from './dropout.js'
import { globalPool } from './global-pool.js'
import { type HiddenLayer, hiddenLayers } from './hidden-layers.js'

export interface ClassifierOptions {
  /** Dense layers before the dropout; none by default. */
  readonly hidden?: readonly HiddenLayer[]
  /** Dropout before the dense layer; 0 by default. */
  readonly dropRate?: number
  /** Name of the dense layer; `fc` by default. */
  readonly name?: string
  readonly initializer?: Initializer
  readonly biasInitializer?: Initializer
}

/**
 * Global average pooling, hidden layers, dropout, dense layer: `[n, h, w, c]` or pooled `[n, c]` → logits `[n, classes]`. A network of 0
 * classes ends in the pooled features `[n, c]`. Where the head slides: `[n, h, w, c]` → `[n, h', w', classes]`.
 *
 * @throws E_OPTION when the dropout rate is not in [0, 1).
 */
export function classifier(
  net: Scope,
  x: SymbolicTensor,
  { hidden, dropRate, name = 'fc', ...options }: ClassifierOptions = {},
): SymbolicTensor {
  const pooled = hiddenLayers(net, globalPool(net, x), hidden)
  const features = dropout(net.scope('drop'), pooled, { rate: dropRate })
  return net.classes === 0 ? features : dense(net.scope(name), features, { units: net.classes, ...options })
}
