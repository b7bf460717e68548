import { ConvkitError } from '@convkit/graph'
import type { PretrainedWeights } from './pretrained-weights.js'
import type { Registry, Variant } from './registry.js'
import type { TensorMap } from './tensors.js'

/**
 * The weights that {@link CreateModelOptions.weights} means; undefined for random numbers.
 *
 * @throws E_WEIGHTS when no registered provider knows the text.
 */
export async function openWeights(
  weights: string | TensorMap | PretrainedWeights | undefined,
  variant: Variant,
  context: { readonly registry: Registry; readonly config?: object | undefined },
): Promise<PretrainedWeights | undefined> {
  if (weights === undefined || weights === 'none') return undefined
  if (weights instanceof Map) return { source: 'the given weights', tensors: weights }
  if (typeof weights !== 'string') return weights
  const providers = [...context.registry.weights.values()]
  for (const provider of providers) {
    const opened = await provider.open(weights, variant, context)
    if (opened) return opened
  }
  const remedy =
    providers.length === 0
      ? "register something that finds them, such as: import '@convkit/weights/register'"
      : `asked: ${providers.map(({ name }) => name).join(', ')}`
  throw new ConvkitError('E_WEIGHTS', `There are no weights '${weights}' of ${variant.name} (${remedy})`)
}
