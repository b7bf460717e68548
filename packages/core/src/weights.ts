import { ConvkitError, formatShape, sameShape } from '@convkit/graph'
import { nearest } from './nearest.js'
import type { FloatTensor, TensorMap } from './tensors.js'

type Tensors = ReadonlyMap<string, Pick<FloatTensor, 'shape'>>

/**
 * The tensors of a network out of `given`, in the network's order.
 *
 * @throws E_WEIGHTS naming every tensor that is missing, unknown, or of another shape.
 */
export function checkWeights(
  model: string,
  own: Tensors,
  given: ReadonlyMap<string, FloatTensor>,
): TensorMap {
  const [missing, unknown, misshapen] = [
    missingFrom(own, given),
    missingFrom(given, own),
    differences(own, given),
  ]
  const problems = [
    ...list(
      'missing',
      missing.map((name) => `${name} ${formatShape(own.get(name)?.shape ?? [])}`),
    ),
    ...list('of another shape', misshapen),
    ...list(
      'not in the model',
      // The nearest name helps where one is misspelt, not where the network is another one.
      unknown.map((name) =>
        unknown.length > 3 ? name : `${name} (nearest: ${nearest(name, own.keys(), 1)[0]})`,
      ),
    ),
  ]
  if (problems.length > 0) {
    throw new ConvkitError(
      'E_WEIGHTS',
      `These weights do not fit ${model}: ${problems.join('; ')}; check the model's name and its config`,
    )
  }
  return new Map([...own.keys()].map((name) => [name, given.get(name) as FloatTensor]))
}

function list(what: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${names.length} ${what}: ${names.join(', ')}`]
}

function missingFrom(own: Tensors, given: Tensors): string[] {
  return [...own.keys()].filter((name) => !given.has(name))
}

function differences(own: Tensors, given: Tensors): string[] {
  return [...own].flatMap(([name, { shape }]) => {
    const other = given.get(name)?.shape
    return !other || sameShape(other, shape)
      ? []
      : [`${name} ${formatShape(other)} instead of ${formatShape(shape)}`]
  })
}
