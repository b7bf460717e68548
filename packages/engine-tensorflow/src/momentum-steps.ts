import { type AnyNode, type Signature, type SymbolicTensor, sameShape } from '@convkit/graph'

/** A step with momentum of one parameter: `v ← m · v + g` and `p ← p − rate · v`, or `p − rate · (g + m · v)`. */
export interface MomentumStep {
  /** The state p. */
  readonly parameter: string
  /** The state v. */
  readonly velocity: string
  /** g, in the parameter's shape. */
  readonly gradient: SymbolicTensor
  readonly rate: SymbolicTensor
  /** m, a scalar. */
  readonly momentum: SymbolicTensor
  readonly isNesterov: boolean
}

/**
 * Steps with momentum among a signature's updates, which TensorFlow takes in one pass over memory instead of up to
 * five. What such a step updates is found nowhere else in the result.
 */
export function momentumSteps({ updates }: Signature): MomentumStep[] {
  const velocities = new Map(
    Object.entries(updates).flatMap(([name, value]) => {
      const step = velocityOf(name, value)
      return step ? [[value, step] as const] : []
    }),
  )
  const steps = Object.entries(updates).flatMap(([parameter, value]) => {
    const [old, change] = operandsOf(value, 'subtract')
    const [direction, rate] = operandsOf(change, 'multiply')
    if (!direction || !rate || !isState(old, parameter) || rate.shape.length > 0) return []
    const plain = velocities.get(direction)
    const step = plain ?? lookedAhead(direction, velocities)
    return step && sameShape(step.gradient.shape, value.shape)
      ? [{ parameter, ...step, rate, isNesterov: plain === undefined }]
      : []
  })
  const counts = new Map<string, number>()
  for (const { velocity } of steps) counts.set(velocity, (counts.get(velocity) ?? 0) + 1)
  return steps.filter(({ velocity }) => counts.get(velocity) === 1)
}

type Velocity = Pick<MomentumStep, 'velocity' | 'gradient' | 'momentum'>

/** `m · v + g` */
function velocityOf(velocity: string, value: SymbolicTensor): Velocity | undefined {
  const [kept, gradient] = operandsOf(value, 'add')
  const [old, momentum] = operandsOf(kept, 'multiply')
  if (!gradient || !momentum || !isState(old, velocity) || momentum.shape.length > 0) return undefined
  return sameShape(gradient.shape, value.shape) ? { velocity, gradient, momentum } : undefined
}

/** `g + m · v`, with the new v that has the same g and m. */
function lookedAhead(
  direction: SymbolicTensor,
  velocities: ReadonlyMap<SymbolicTensor, Velocity>,
): Velocity | undefined {
  const [gradient, ahead] = operandsOf(direction, 'add')
  const [next, momentum] = operandsOf(ahead, 'multiply')
  const step = next && velocities.get(next)
  return step?.gradient === gradient && isSame(step?.momentum, momentum) ? step : undefined
}

function operandsOf(value: SymbolicTensor | undefined, op: AnyNode['op']): readonly SymbolicTensor[] {
  return value?.node.op === op ? value.node.inputs : []
}

const isState = (tensor: SymbolicTensor | undefined, name: string) =>
  tensor?.node.op === 'state' && tensor.node.attributes.name === name

/** Whether two are one tensor, or scalar constants of one value. */
function isSame(a: SymbolicTensor | undefined, b: SymbolicTensor | undefined): boolean {
  if (a === b) return true
  const value = (tensor: SymbolicTensor | undefined) =>
    tensor?.node.op === 'constant' && tensor.shape.length === 0
      ? tensor.node.attributes.value.data[0]
      : Number.NaN
  return value(a) === value(b)
}
