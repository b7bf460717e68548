import {
  averagePool2d,
  ConvkitError,
  concat,
  dense,
  globalAveragePool,
  multiply,
  relu,
  type SymbolicTensor,
} from '@convkit/graph'
import * as v from 'valibot'
import { torchDefault, uniform } from './initializers.js'
import type { Variant } from './registry.js'
import type { Scope } from './scope.js'

/** A classifier that takes the place of a network's own. */
export interface HeadOptions {
  /**
   * Stages whose pooled outputs it sees side by side, such as `['layer2', 'layer3']`; later ones are left out. The
   * network's own pooled features by default.
   */
  readonly stages?: readonly string[] | undefined
  /** Units of a dense layer with ReLU before the last one; none by default. */
  readonly hidden?: number | undefined
  /** Dropout before each dense layer; 0 by default. */
  readonly dropRate?: number | undefined
}

/** A head as data. */
export const headSchema = v.object({
  stages: v.optional(v.pipe(v.array(v.string()), v.minLength(1))),
  hidden: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  dropRate: v.optional(v.pipe(v.number(), v.minValue(0), v.ltValue(1))),
})

/** The variant with a head in place of its own; itself where none is asked for. @throws E_OPTION. */
export function withHead(variant: Variant, head: HeadOptions | undefined): Variant {
  if (!head) return variant
  const parsed = v.safeParse(headSchema, head)
  if (!parsed.success) {
    const [issue] = parsed.issues
    throw new ConvkitError('E_OPTION', `head: ${v.getDotPath(issue)}: ${issue.message}`)
  }
  return { ...variant, architecture: { ...variant.architecture, head } }
}

/**
 * Pooling, then one or two dense layers with dropout: maps `[n, h, w, c]` or `[n, c]` → logits `[n, classes]`, with `weight`
 * and `bias` of the last layer at the scope's own path, and those of the hidden one below it. Features themselves for 0
 * classes.
 */
export function buildHead(
  net: Scope,
  maps: readonly SymbolicTensor[],
  { hidden, dropRate = 0 }: HeadOptions,
): SymbolicTensor {
  const pooled = concat(maps.map((x) => (x.shape.length === 4 ? pool(net, x) : x)))
  if (net.classes === 0) return pooled
  const features = drop(net.scope('drop'), pooled, dropRate)
  if (hidden === undefined) return layer(net, features, net.classes)
  const activated = relu(layer(net.scope('hidden'), features, hidden))
  return layer(net, drop(net.scope('hidden').scope('drop'), activated, dropRate), net.classes)
}

function pool(net: Scope, x: SymbolicTensor): SymbolicTensor {
  const size = net.window(x)
  return net.fullyConvolutional ? averagePool2d(x, { size, strides: 1 }) : globalAveragePool(x)
}

function drop(net: Scope, x: SymbolicTensor, rate: number): SymbolicTensor {
  return net.mode === 'train' && !net.frozen && rate > 0 ? multiply(x, net.mask('mask', x.shape, rate)) : x
}

function layer(net: Scope, x: SymbolicTensor, units: number): SymbolicTensor {
  const inputs = x.shape.at(-1) ?? 0
  const bound = 1 / Math.sqrt(inputs)
  return dense(
    x,
    net.parameter('weight', [units, inputs], torchDefault),
    net.parameter('bias', [units], uniform(-bound, bound)),
  )
}
