import { ConvkitError, type Model, nearest, type Trace, unknownStage } from '@convkit/core'
import { topologicalOrder } from '@convkit/graph'

/** Whether a layer, by its path (`layer1.0.conv1`), is frozen. */
export type Freezing = (path: string) => boolean

/** Nothing is frozen. */
export const freezeNothing: Freezing = () => false

/**
 * Freezes a network from the image up to the end of a stage.
 *
 * @throws E_OPTION for a stage that the network has not, with the names that it has.
 */
export function freezeUpTo(model: Pick<Model, 'name' | 'trace'>, stage: string): Freezing {
  const trace = model.trace({ batchSize: 2, mode: 'train' })
  const output = trace.features.get(stage)
  if (!output) throw unknownStage(model.name, stage, [...trace.features.keys()])
  const nodes = topologicalOrder([output])
  const paths = new Set(
    nodes.flatMap((node) => {
      if (node.op === 'state') return [node.scope]
      // A mask is an input named by its layer.
      return node.op === 'input' && node !== trace.image.node ? [pathOf(node.attributes.name)] : []
    }),
  )
  return (path) => paths.has(path)
}

/** Freezes all layers but the classifier, what stands under its path, and the dropout before it. */
export function freezeBody({ variant }: Pick<Model, 'variant'>): Freezing {
  const { classifier } = variant.architecture
  const droppedBefore = [pathOf(classifier), 'drop'].filter((part) => part !== '').join('.')
  return (path) => !isWithin(path, classifier) && path !== droppedBefore && path !== 'drop'
}

/**
 * Freezes layers by name: `layer1` is all below it, and `*` stands for any part of a name (`blocks.*.bn1`).
 *
 * @throws E_OPTION for a pattern that matches no layer, with the nearest one.
 */
export function freezeNamed(model: Pick<Model, 'name' | 'trace'>, patterns: readonly string[]): Freezing {
  const matchers = patterns.map((pattern) => matcherOf(pattern))
  const paths = [...layerPaths(model.trace({ batchSize: 2, mode: 'train' }))]
  const lost = patterns.find((_, at) => !paths.some((path) => matchers[at]?.(path)))
  if (lost !== undefined) {
    throw new ConvkitError(
      'E_OPTION',
      `${model.name} has no layer '${lost}' (nearest: ${nearest(lost, paths, 3).join(', ')}); * stands for any part of a name`,
    )
  }
  return (path) => matchers.some((matches) => matches(path))
}

/**
 * Freezes batch-norms besides what is frozen already: they run on the running statistics that the weights came with, which
 * small batches would spoil.
 */
export function freezeBatchNorms(model: Pick<Model, 'trace'>, isFrozen: Freezing = freezeNothing): Freezing {
  const { state } = model.trace({ batchSize: 2, mode: 'train' })
  const norms = new Set(
    [...state].filter(([, { kind }]) => kind === 'statistic').map(([name]) => pathOf(name)),
  )
  return (path) => norms.has(path) || isFrozen(path)
}

/** Paths of the layers that have parameters. */
export function layerPaths({ state }: Pick<Trace, 'state'>): Set<string> {
  return new Set([...state.keys()].map(pathOf))
}

/** `layer1.0.conv1.weight` → `layer1.0.conv1` */
export const pathOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('.')))

/** Whether a path is another one or below it. */
export const isWithin = (path: string, parent: string): boolean =>
  path === parent || path.startsWith(`${parent}.`)

/** Whether a path, or one above it, is what a pattern says. */
export function matcherOf(pattern: string): (path: string) => boolean {
  const literal = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  const whole = new RegExp(`^${literal.join('.*')}(\\..*)?$`)
  return (path) => whole.test(path)
}
