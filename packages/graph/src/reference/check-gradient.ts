import { ConvkitError } from '../error.js'
import { gradients } from '../gradients/gradients.js'
import { multiply } from '../ops/elementwise.js'
import { sum } from '../ops/reduction.js'
import { input, vector } from '../ops/sources.js'
import { formatShape, type Shape, type SymbolicTensor, sizeOf } from '../tensor.js'
import { evaluate } from './evaluate.js'
import { stridesOf } from './offsets.js'
import { uniform } from './random.js'

export interface GradientCheckOptions {
  /** Inputs are drawn uniformly from this range, [−2, 2] by default. */
  readonly range?: readonly [low: number, high: number]
  /** Values of the inputs, instead of drawn ones. */
  readonly values?: readonly ArrayLike<number>[]
  /** Largest accepted relative error, 1e-6 by default. */
  readonly tolerance?: number
  /** What an element moves by to each side, 1e-5 by default. */
  readonly step?: number
  /** Check this many elements of each input, drawn at random, instead of all. */
  readonly samples?: number
  readonly seed?: number
}

/**
 * Compares what `gradients` builds with central finite differences, both in float64 on the reference evaluator.
 * The loss is a fixed random projection of what `build` returns, so every output element counts. Errors are
 * relative to the largest gradient of their input, so that a small one is not lost to rounding.
 *
 * @param build makes the graph under test from one float32 input per shape.
 * @returns the largest relative error found.
 * @throws E_GRADIENT naming the input and the element, when an error exceeds the tolerance.
 *
 * @example checkGradient(([x, w]) => conv2d(x, w, { padding: 1 }), [[1, 5, 5, 2], [3, 2, 3, 3]])
 */
export function checkGradient(
  build: (inputs: SymbolicTensor[]) => SymbolicTensor,
  shapes: readonly Shape[],
  options: GradientCheckOptions = {},
): number {
  const { range = [-2, 2], tolerance = 1e-6, step = 1e-5, samples, seed = 1 } = options
  const draw = uniform(seed, ...range)
  const values = shapes.map((shape, i) => options.values?.[i] ?? Array.from({ length: sizeOf(shape) }, draw))
  const points = values.map((value) => Float64Array.from(value))
  const feeds = { inputs: Object.fromEntries(points.map((point, i) => [i, point])) }
  const variables = shapes.map((shape, i) => input(`${i}`, shape))
  const loss = project(build(variables), seed)
  const built = evaluate(gradients(loss, variables), feeds)

  const errors = shapes.map((shape, i) => {
    const point = points[i] as Float64Array
    const elements = choose(point.length, samples ?? point.length, seed)
    const numeric = elements.map((element) =>
      slope(() => evaluate([loss], feeds)[0]?.[0] ?? Number.NaN, point, element, step),
    )
    const analytic = elements.map((element) => built[i]?.[element] ?? Number.NaN)
    const { at, error } = worst(analytic, numeric)
    if (!(error <= tolerance)) {
      const where = `input ${i} ${formatShape(shape)}, element ${formatShape(indexOf(elements[at] ?? 0, shape))}`
      const difference = `gradients() gives ${analytic[at]}, finite differences ${numeric[at]}`
      throw new ConvkitError(
        'E_GRADIENT',
        `checkGradient: ${where}: ${difference} (relative error ${error.toExponential(1)}, tolerance ${tolerance}); ` +
          'check the gradient rule, and that no kink is within a step of the values',
      )
    }
    return error
  })
  return Math.max(0, ...errors)
}

/** A scalar in which every element of y has its own weight. */
function project(y: SymbolicTensor, seed: number): SymbolicTensor {
  const draw = uniform(seed + 1, -1, 1)
  return sum(multiply(y, vector(Array.from({ length: sizeOf(y.shape) }, draw), y.shape)))
}

/** `count` different offsets below `length`, at random. */
function choose(length: number, count: number, seed: number): number[] {
  const draw = uniform(seed + 2, 0, 1)
  const shuffled = Array.from({ length }, (_, offset) => ({ offset, key: draw() })).sort(
    (a, b) => a.key - b.key,
  )
  return shuffled.slice(0, count).map(({ offset }) => offset)
}

/** Central difference of f along one element of the point that it reads. */
function slope(f: () => number, point: Float64Array, element: number, step: number): number {
  const value = point[element] as number
  point[element] = value + step
  const above = f()
  point[element] = value - step
  const below = f()
  point[element] = value
  return (above - below) / (2 * step)
}

/** The largest difference relative to the largest value, and where it is; NaN is the worst. */
function worst(a: readonly number[], b: readonly number[]): { at: number; error: number } {
  const scale = Math.max(...a.map(Math.abs), ...b.map(Math.abs)) || 1
  const errors = a.map((value, i) => Math.abs(value - (b[i] ?? Number.NaN)) / scale)
  const unknown = errors.findIndex(Number.isNaN)
  const at = unknown >= 0 ? unknown : errors.indexOf(Math.max(...errors))
  return { at, error: errors[at] ?? 0 }
}

function indexOf(offset: number, shape: Shape): number[] {
  return stridesOf(shape).map((stride, axis) => Math.floor(offset / stride) % (shape[axis] ?? 1))
}
