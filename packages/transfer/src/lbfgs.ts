/** Value and slope of a smooth function. */
export interface Slope {
  readonly value: number
  readonly gradient: Float64Array
}

export interface LbfgsOptions {
  /** Steps at most; 100 by default. */
  readonly steps?: number
  /** Ends when no number of the gradient is larger; 1e-4 by default. */
  readonly tolerance?: number
}

/** Steps whose directions are remembered. */
const memory = 10

/**
 * Minimises a smooth function from a point on by L-BFGS (Liu and Nocedal 1989), with a line search that halves the step until
 * it descends enough.
 */
export async function minimize(
  slopeAt: (point: Float64Array) => Promise<Slope>,
  start: Float64Array,
  { steps = 100, tolerance = 1e-4 }: LbfgsOptions = {},
): Promise<Float64Array> {
  let point = start
  let slope = await slopeAt(point)
  const pairs: Pair[] = []
  for (let step = 0; step < steps; step++) {
    if (slope.gradient.every((value) => Math.abs(value) <= tolerance)) break
    const direction = descent(slope.gradient, pairs)
    const fall = dot(direction, slope.gradient)
    // The first step has no scale of its own.
    let length = pairs.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(slope.gradient, slope.gradient))) : 1
    let next = moved(point, direction, length)
    let nextSlope = await slopeAt(next)
    while (!(nextSlope.value <= slope.value + 1e-4 * length * fall) && length > 1e-6) {
      length /= 2
      next = moved(point, direction, length)
      nextSlope = await slopeAt(next)
    }
    if (!(nextSlope.value < slope.value)) break
    const pair = pairOf(next, point, nextSlope.gradient, slope.gradient)
    if (pair.curvature > 1e-12) pairs.push(pair)
    if (pairs.length > memory) pairs.shift()
    ;[point, slope] = [next, nextSlope]
  }
  return point
}

interface Pair {
  readonly step: Float64Array
  readonly change: Float64Array
  readonly curvature: number
}

function pairOf(next: Float64Array, point: Float64Array, after: Float64Array, before: Float64Array): Pair {
  const step = next.map((value, i) => value - (point[i] as number))
  const change = after.map((value, i) => value - (before[i] as number))
  return { step, change, curvature: dot(step, change) }
}

/** Minus the inverse Hessian, as far as the pairs know it, times the gradient: the two-loop recursion. */
function descent(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  let direction: Float64Array = gradient.map((value) => -value)
  const shares: number[] = []
  for (const { step, change, curvature } of pairs.toReversed()) {
    const share = dot(step, direction) / curvature
    shares.push(share)
    direction = moved(direction, change, -share)
  }
  const last = pairs.at(-1)
  if (last) {
    const scale = last.curvature / dot(last.change, last.change)
    direction = direction.map((value) => value * scale)
  }
  for (const { step, change, curvature } of pairs) {
    const share = shares.pop() as number
    direction = moved(direction, step, share - dot(change, direction) / curvature)
  }
  return direction
}

function moved(point: Float64Array, direction: Float64Array, length: number): Float64Array {
  return point.map((value, i) => value + length * (direction[i] as number))
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0)
}
