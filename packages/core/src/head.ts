import {
  averagePool2d,
  ConvkitError,
  concat,
  dense,
  globalAveragePool,
  multiply,
  type Pair,
  relu,
  type SymbolicTensor,
  slice,
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
  const pooled = sideBySide(net, maps)
  if (net.classes === 0) return pooled
  const features = drop(net.scope('drop'), pooled, dropRate)
  if (hidden === undefined) return layer(net, features, net.classes)
  const activated = relu(layer(net.scope('hidden'), features, hidden))
  return layer(net, drop(net.scope('hidden').scope('drop'), activated, dropRate), net.classes)
}

/**
 * Pooled maps, `[n, c]`. Where the head slides, `[n, h, w, c]`: of an earlier stage each position is as many of its own
 * further as make one of the last.
 */
function sideBySide(net: Scope, maps: readonly SymbolicTensor[]): SymbolicTensor {
  const windows = maps.map((x) => net.window(x))
  if (!net.fullyConvolutional)
    return concat(maps.map((x) => (x.shape.length === 4 ? globalAveragePool(x) : x)))
  const least = [0, 1].map((axis) => Math.min(...windows.map((window) => window[axis] as number)))
  const slid = maps.map((x, i) => {
    const size = windows[i] as Pair
    const [down = 1, across = 1] = size.map((side, axis) => Math.round(side / (least[axis] as number)))
    return averagePool2d(x, { size, strides: [down, across] })
  })
  // Sizes that were rounded up on the way leave the stages one position apart
  const [rows = 1, columns = 1] = [1, 2].map((axis) => Math.min(...slid.map(({ shape }) => shape[axis] ?? 1)))
  return concat(
    slid.map((x) => {
      const [images = 1, height, width, channels = 1] = x.shape
      const isCommon = height === rows && width === columns
      return isCommon ? x : slice(x, [0, 0, 0, 0], [images, rows, columns, channels])
    }),
  )
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
